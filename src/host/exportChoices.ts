import type { Format, FormatName } from '../formats/format';
import { t } from '../l10n/translate';

/** One row of the list of formats. */
export interface ExportChoice {
  readonly format: Format;
  readonly label: string;
  /** Its extension. */
  readonly description: string;
  readonly detail: string;
  /** The script trains by the plan beside the model. */
  readonly withPlan: boolean;
}

/** What each format is for, in the order in which they are offered. */
const DETAILS: readonly (readonly [FormatName, string])[] = [
  ['h5', t('One file: architecture and weights. Opens in Keras and TensorFlow.')],
  ['keras', t('The zip of Keras 3: architecture and weights. Opens in Keras 3.')],
  ['tfjs', t('A folder with model.json and shards of weights. Runs in browsers and in Node.')],
  ['safetensors', t('Weights alone, by name. Opens in PyTorch, JAX and others.')],
  ['onnx', t('Architecture and weights for inference. Runs in ONNX Runtime and others.')],
  ['python', t('A short Keras script that does the same surgery on the same base.')],
];

/** The formats that models can be written in; a script comes in two kinds where there is a plan. */
export function exportChoices(formats: readonly Format[], hasPlan: boolean): readonly ExportChoice[] {
  const place = ({ name }: Format) => {
    const found = DETAILS.findIndex(([known]) => known === name);
    return found < 0 ? DETAILS.length : found;
  };
  return [...formats]
    .sort((a, b) => place(a) - place(b))
    .flatMap((format) => {
      const choice = {
        format,
        label: format.title,
        description: format.name === 'tfjs' ? t('folder') : (format.extensions[0] ?? ''),
        detail: DETAILS.find(([name]) => name === format.name)?.[1] ?? '',
        withPlan: false,
      };
      if (format.name !== 'python' || !hasPlan) return [choice];
      const detail = t('The same script, and the training of the plan beside the model.');
      return [choice, { ...choice, label: t('{0} with training', format.title), detail, withPlan: true }];
    });
}

/** Extensions that a file of the format may have, without the dot; none for a folder. */
export function extensionsOf({ name, extensions }: Format): readonly string[] {
  return name === 'tfjs' ? [] : extensions.map((extension) => extension.slice(1));
}
