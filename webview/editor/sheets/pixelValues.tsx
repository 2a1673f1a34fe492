import type { ModelView, TrainingForm } from '../../../src/protocol/editor';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { Field } from './sheet';

const PREPROCESSING: readonly { readonly value: TrainingForm['preprocess']; readonly label: string }[] = [
  { value: 'none', label: 'None: 0 to 255' },
  { value: 'unit', label: 'Unit: 0 to 1' },
  { value: 'tf', label: 'TensorFlow: -1 to 1' },
  { value: 'caffe', label: 'Caffe: BGR, mean subtracted' },
  { value: 'torch', label: 'Torch: ImageNet mean and deviation' },
];

/** How pixels become numbers, and whether a published architecture knows them so. */
export function PixelValues({
  form,
  backbone,
}: {
  readonly form: TrainingForm;
  readonly backbone: ModelView['backbone'];
}) {
  const { controller } = useEditor();
  const expected = PREPROCESSING.find(({ value }) => value === backbone?.preprocess);
  const differs = expected !== undefined && expected.value !== form.preprocess;
  return (
    <>
      <Field
        label="Pixel values"
        {...(expected && !differs && { note: `As the published weights of ${backbone?.family} know them.` })}
      >
        <Dropdown
          label="Pixel values"
          value={form.preprocess}
          options={PREPROCESSING}
          onChange={(preprocess) => controller.changeForm({ ...form, preprocess })}
        />
      </Field>
      {differs ? (
        <p className="sheet-problem" role="status">
          <Icon name="warning" />
          <span>
            The published weights of {backbone?.family} were trained with “{expected.label}”; other values
            spoil its features.{' '}
            <button
              type="button"
              className="link-button"
              onClick={() => controller.changeForm({ ...form, preprocess: expected.value })}
            >
              Use these
            </button>
          </span>
        </p>
      ) : null}
    </>
  );
}
