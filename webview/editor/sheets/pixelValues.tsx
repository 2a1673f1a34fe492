import type { ModelView, TrainingForm } from '../../../src/protocol/editor';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { Field } from './sheet';
import { t } from '../../../src/l10n/translate';

const PREPROCESSING: readonly { readonly value: TrainingForm['preprocess']; readonly label: string }[] = [
  { value: 'none', label: t('None: 0 to 255') },
  { value: 'unit', label: t('Unit: 0 to 1') },
  { value: 'tf', label: t('TensorFlow: -1 to 1') },
  { value: 'caffe', label: t('Caffe: BGR, mean subtracted') },
  { value: 'torch', label: t('Torch: ImageNet mean and deviation') },
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
        label={t('Pixel values')}
        {...(expected &&
          !differs && { note: t('As the published weights of {0} know them.', backbone?.family) })}
      >
        <Dropdown
          label={t('Pixel values')}
          value={form.preprocess}
          options={PREPROCESSING}
          onChange={(preprocess) => controller.changeForm({ ...form, preprocess })}
        />
      </Field>
      {differs ? (
        <p className="sheet-problem" role="status">
          <Icon name="warning" />
          <span>
            {t(
              'The published weights of {0} were trained with “{1}”; other values spoil its features.',
              backbone?.family,
              expected.label,
            )}{' '}
            <button
              type="button"
              className="link-button"
              onClick={() => controller.changeForm({ ...form, preprocess: expected.value })}
            >
              {t('Use these')}
            </button>
          </span>
        </p>
      ) : null}
    </>
  );
}
