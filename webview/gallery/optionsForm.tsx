import type { GalleryModel, GalleryProblem } from '../../src/protocol/gallery';
import { TextField } from '../ui/textField';
import type { Options } from './look';
import { Segments } from './segments';
import { t } from '../../src/l10n/translate';

export interface OptionsFormProps {
  readonly model: GalleryModel;
  readonly options: Options;
  /** What is wrong with them. */
  readonly problem: GalleryProblem | undefined;
  readonly onChange: (change: Partial<Options>) => void;
}

const PARTS = [
  { value: 'without', label: t('Without top'), title: t('The backbone: ready for a head of your own') },
  { value: 'with', label: t('With top'), title: t('The whole classifier') },
] as const;

const POOLING = [
  { value: 'none', label: t('None'), title: t('Feature maps') },
  { value: 'avg', label: t('Average'), title: t('One number a channel: the average over the image') },
  { value: 'max', label: t('Maximum'), title: t('One number a channel: the largest over the image') },
] as const;

const WEIGHTS = [
  { value: 'imagenet', label: 'ImageNet' },
  { value: 'random', label: t('Random'), title: t('Starts from nothing; nothing is downloaded') },
] as const;

/** Which part of the model, for which images, from which weights. */
export function OptionsForm({ model, options, problem, onChange }: OptionsFormProps) {
  const { includeTop, pooling, inputSize, classes, random } = options;
  const own = model.input.join(' × ');
  return (
    <section className="options" aria-label={t('Options')}>
      <div className="option">
        <span>{t('Weights')}</span>
        <Segments
          label={t('Weights')}
          value={random ? 'random' : 'imagenet'}
          options={WEIGHTS}
          onChange={(value) => onChange({ random: value === 'random' })}
        />
      </div>
      <div className="option">
        <span>{t('Part')}</span>
        <Segments
          label={t('Part')}
          value={includeTop ? 'with' : 'without'}
          options={PARTS}
          onChange={(value) => onChange({ includeTop: value === 'with' })}
        />
      </div>
      {!includeTop && (
        <div className="option">
          <span>{t('Pooling')}</span>
          <Segments
            label={t('Pooling')}
            value={pooling ?? 'none'}
            options={POOLING}
            onChange={(value) => onChange({ pooling: value === 'none' ? null : value })}
          />
        </div>
      )}
      <div className="option">
        <span>{t('Input size')}</span>
        <TextField
          label={t('Input size in pixels')}
          value={inputSize}
          placeholder={own}
          {...(problem?.code === 'ZOO_INPUT_SIZE' && { invalid: problem.message })}
          onInput={(text) => onChange({ inputSize: text })}
        />
      </div>
      {includeTop && (
        <div className="option">
          <span>{t('Classes')}</span>
          {random ? (
            <TextField
              label={t('Classes')}
              inputMode="numeric"
              value={String(classes)}
              {...(problem?.code === 'ZOO_CLASSES' && { invalid: problem.message })}
              onInput={(text) => onChange({ classes: Number(text) })}
            />
          ) : (
            <p>{t('1,000 of ImageNet')}</p>
          )}
        </div>
      )}
    </section>
  );
}
