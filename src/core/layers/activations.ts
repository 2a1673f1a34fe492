import type * as z from 'zod';
import { field, isRecord, toSnakeCase } from './fields';
import { t } from '../../l10n/translate';

/**
 * Activation functions by Keras's names, and one by ours: `hard_sigmoid_keras2` is what Keras 1 and 2 and TensorFlow.js
 * mean by `hard_sigmoid`. Left out are `glu`, which halves an axis and is for a layer of its own, and `threshold`, which
 * no name is enough for.
 */
export const ACTIVATIONS = [
  'linear',
  'relu',
  'relu6',
  'softmax',
  'sigmoid',
  'tanh',
  'elu',
  'selu',
  'softplus',
  'softsign',
  'silu',
  'gelu',
  'exponential',
  'hard_sigmoid',
  'leaky_relu',
  'mish',
  'log_softmax',
  'celu',
  'hard_silu',
  'hard_tanh',
  'hard_shrink',
  'soft_shrink',
  'tanh_shrink',
  'log_sigmoid',
  'squareplus',
  'sparse_plus',
  'sparse_sigmoid',
  'sparsemax',
  'hard_sigmoid_keras2',
] as const;

export type ActivationName = (typeof ACTIVATIONS)[number];

const BY_NAME: ReadonlyMap<string, ActivationName> = new Map([
  ...ACTIVATIONS.map((name) => [name, name] as const),
  ['swish', 'silu'] as const,
  ['hard_swish', 'hard_silu'] as const,
]);

/** An activation by its name, or serialized as a function or a layer. */
export const activation = (): z.ZodType<ActivationName> =>
  field(t('one of {0}', ACTIVATIONS.join(', ')), readActivation, {
    type: 'word',
    words: ACTIVATIONS,
  }).default('linear');

/** Of a layer that is nothing else: `glu` besides, which makes half as many features of its input's. */
export const activationAlone = (): z.ZodType<ActivationName | 'glu'> =>
  field<ActivationName | 'glu'>(
    t('one of {0}', ALONE.join(', ')),
    (raw) => {
      const name = isRecord(raw) && raw.class_name === 'function' ? raw.config : raw;
      return name === 'glu' ? name : readActivation(raw);
    },
    { type: 'word', words: ALONE },
  ).default('linear');

const ALONE = [...ACTIVATIONS, 'glu'];

function readActivation(raw: unknown): ActivationName | undefined {
  if (typeof raw === 'string') return activationNamed(raw);
  if (!isRecord(raw) || typeof raw.class_name !== 'string') return undefined;
  if (typeof raw.config === 'string') return activationNamed(raw.config);
  return activationOfLayer(raw.class_name, isRecord(raw.config) ? raw.config : {});
}

function activationNamed(text: string): ActivationName | undefined {
  return BY_NAME.get(text.toLowerCase()) ?? BY_NAME.get(toSnakeCase(text));
}

/** A layer given as an activation, where a plain function computes the same. */
function activationOfLayer(className: string, config: Readonly<Record<string, unknown>>) {
  const slope = config.negative_slope ?? config.alpha;
  switch (className) {
    case 'ReLU':
      if ((slope ?? 0) !== 0 || (config.threshold ?? 0) !== 0) return undefined;
      return config.max_value === 6 ? 'relu6' : (config.max_value ?? null) === null ? 'relu' : undefined;
    case 'LeakyReLU':
      // The function's slope is 0.2, though the layer's default is 0.3.
      return slope === 0.2 ? 'leaky_relu' : undefined;
    case 'ELU':
      return (config.alpha ?? 1) === 1 ? 'elu' : undefined;
    case 'Softmax':
      return (config.axis ?? -1) === -1 ? 'softmax' : undefined;
    case 'Activation':
      return readActivation(config.activation);
    default:
      return undefined;
  }
}
