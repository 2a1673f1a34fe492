import type { GalleryModel, GalleryProblem } from '../../src/protocol/gallery';
import { TextField } from '../ui/textField';
import type { Options } from './look';
import { Segments } from './segments';

export interface OptionsFormProps {
  readonly model: GalleryModel;
  readonly options: Options;
  /** What is wrong with them. */
  readonly problem: GalleryProblem | undefined;
  readonly onChange: (change: Partial<Options>) => void;
}

const PARTS = [
  { value: 'without', label: 'Without top', title: 'The backbone: ready for a head of your own' },
  { value: 'with', label: 'With top', title: 'The whole classifier' },
] as const;

const POOLING = [
  { value: 'none', label: 'None', title: 'Feature maps' },
  { value: 'avg', label: 'Average', title: 'One number a channel: the average over the image' },
  { value: 'max', label: 'Maximum', title: 'One number a channel: the largest over the image' },
] as const;

const WEIGHTS = [
  { value: 'imagenet', label: 'ImageNet' },
  { value: 'random', label: 'Random', title: 'Starts from nothing; nothing is downloaded' },
] as const;

/** Which part of the model, for which images, from which weights. */
export function OptionsForm({ model, options, problem, onChange }: OptionsFormProps) {
  const { includeTop, pooling, inputSize, classes, random } = options;
  const own = model.input.join(' × ');
  return (
    <section className="options" aria-label="Options">
      <div className="option">
        <span>Weights</span>
        <Segments
          label="Weights"
          value={random ? 'random' : 'imagenet'}
          options={WEIGHTS}
          onChange={(value) => onChange({ random: value === 'random' })}
        />
      </div>
      <div className="option">
        <span>Part</span>
        <Segments
          label="Part"
          value={includeTop ? 'with' : 'without'}
          options={PARTS}
          onChange={(value) => onChange({ includeTop: value === 'with' })}
        />
      </div>
      {!includeTop && (
        <div className="option">
          <span>Pooling</span>
          <Segments
            label="Pooling"
            value={pooling ?? 'none'}
            options={POOLING}
            onChange={(value) => onChange({ pooling: value === 'none' ? null : value })}
          />
        </div>
      )}
      <div className="option">
        <span>Input size</span>
        <TextField
          label="Input size in pixels"
          value={inputSize}
          placeholder={own}
          {...(problem?.code === 'ZOO_INPUT_SIZE' && { invalid: problem.message })}
          onInput={(text) => onChange({ inputSize: text })}
        />
      </div>
      {includeTop && (
        <div className="option">
          <span>Classes</span>
          {random ? (
            <TextField
              label="Classes"
              inputMode="numeric"
              value={String(classes)}
              {...(problem?.code === 'ZOO_CLASSES' && { invalid: problem.message })}
              onInput={(text) => onChange({ classes: Number(text) })}
            />
          ) : (
            <p>1,000 of ImageNet</p>
          )}
        </div>
      )}
    </section>
  );
}
