import * as tf from '@tensorflow/tfjs-core';
import type { MaskingConfig } from '../../core/layers/embedding';
import type { LayerConfig } from '../../core/graph/layerGraph';
import { heededSteps } from './embedding';
import type { Forward } from './forward';
import { t } from '../../l10n/translate';

/**
 * What a kind does with Keras's masks beside handing them on (`maskFlow.ts`), which say what steps of a sequence are
 * padding. Source: the `mask` arguments and `compute_mask` of keras.layers.
 */
export interface Masking {
  /** The mask of its first output, where it is not that of an input. */
  make?(
    config: LayerConfig,
    inputs: readonly tf.Tensor[],
    masks: readonly (tf.Tensor | undefined)[],
  ): tf.Tensor;
  /** The forward function reads `context.masks`; `alone`: of a layer that is called with one tensor. */
  readonly heeds?: 'always' | 'alone';
  /** What to compute instead where an input is masked. */
  readonly forward?: Forward;
  /** Why a mask that reaches the layer keeps it from being computed. */
  refuses?(config: LayerConfig): string | undefined;
}

const heeds: Masking = { heeds: 'always' };

/** Keras hands a mask to a layer that is called with one tensor, and so to none that is given states to begin with. */
const recurs: Masking = { heeds: 'alone' };
const refused = (why: string): Masking => ({ refuses: () => why });

const eitherMask: Masking = {
  make: (_config, _inputs, masks) =>
    masks.filter((mask) => mask !== undefined).reduce((a, b) => tf.logicalOr(a, b)),
};

/** The mean of what is no padding. */
const maskedMean: Forward = (config, [x], { masks }) => {
  const mask = masks?.[0];
  if (!mask) throw new Error('a mean over masked steps is asked for without a mask');
  const heeded = tf.cast(tf.expandDims(mask, 2), 'float32');
  const keepDims = config.keepdims === true;
  return tf.div(tf.sum(tf.mul(x, heeded), 1, keepDims), tf.sum(heeded, 1, keepDims));
};

const RULES: Readonly<Record<string, Masking>> = {
  Embedding: { make: (_config, [x]) => tf.notEqual(tf.cast(x, 'int32'), 0) },
  Masking: { make: (config, [x]) => heededSteps(x, (config as MaskingConfig).mask_value) },
  SimpleRNN: recurs,
  LSTM: recurs,
  GRU: recurs,
  ConvLSTM1D: recurs,
  ConvLSTM2D: recurs,
  ConvLSTM3D: recurs,
  RNN: recurs,
  Bidirectional: {
    ...recurs,
    refuses: (config) =>
      config.merge_mode === null
        ? t('a mask on its input and merge_mode null, which are not supported together')
        : undefined,
  },
  TimeDistributed: {
    refuses: (config) => {
      const { kind } = config.layer as { readonly kind: string };
      const inner = maskingOf(kind);
      return inner?.heeds || inner?.refuses || inner?.forward
        ? t('a mask on its input, which a {0} inside it is not given here', kind)
        : undefined;
    },
  },
  Attention: heeds,
  AdditiveAttention: heeds,
  MultiHeadAttention: heeds,
  GroupQueryAttention: heeds,
  GlobalAveragePooling1D: {
    ...heeds,
    forward: maskedMean,
    refuses: (config) =>
      config.data_format === 'channels_first' ? t('a mask on its input and channels_first') : undefined,
  },
  Softmax: refused(t('a mask on its input, which a Softmax is not given here')),
  BatchNormalization: refused(t('a mask on its input, which batch statistics do not heed here')),
  Add: eitherMask,
  Average: eitherMask,
  Maximum: eitherMask,
  Minimum: eitherMask,
  Multiply: eitherMask,
  Subtract: eitherMask,
  Concatenate: {
    make(config, inputs, masks) {
      // As broad as the tensors, joined as they are, and heeded where any feature is.
      const broad = inputs.map((input, index) => {
        const mask = masks[index];
        return mask ? tf.broadcastTo(tf.expandDims(mask, -1), input.shape) : tf.ones(input.shape, 'bool');
      });
      return tf.any(tf.concat(broad, config.axis as number), -1);
    },
  },
};

export function maskingOf(kind: string): Masking | undefined {
  return Object.hasOwn(RULES, kind) ? RULES[kind] : undefined;
}
