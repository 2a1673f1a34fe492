import * as tf from '@tensorflow/tfjs-core';
import { embedding, masking, type EmbeddingConfig, type MaskingConfig } from '../../core/layers/embedding';
import type { LayerConfig } from '../../core/graph/layerGraph';
import { heededSteps } from './embedding';
import type { Forward } from './forward';

/**
 * What becomes of Keras's masks, which say what steps of a sequence are padding: a kind makes one, hands one on, heeds
 * one. A kind that is not listed loses the mask of its inputs, as in Keras. Source: `supports_masking`, `compute_mask`
 * and the `mask` arguments of keras.layers.
 */
export interface Masking {
  /** Whose mask the first output has: that of an input, by index, one that `make` computes, or none. */
  result(config: LayerConfig, masked: readonly boolean[]): number | 'made' | undefined;
  make?(
    config: LayerConfig,
    inputs: readonly tf.Tensor[],
    masks: readonly (tf.Tensor | undefined)[],
  ): tf.Tensor;
  /** The forward function reads `context.masks`. */
  readonly heeds?: boolean;
  /** What to compute instead where an input is masked. */
  readonly forward?: Forward;
  /** Why a mask that reaches the layer keeps it from being computed. */
  refuses?(config: LayerConfig): string | undefined;
}

const handsOn: Masking = { result: (_config, [first]) => (first ? 0 : undefined) };

const recurrent: Masking = {
  result: (config, [sequence]) => (sequence && config.return_sequences === true ? 0 : undefined),
  heeds: true,
};

const attention: Masking = {
  result(config, masked) {
    const roles = config.call_inputs as readonly string[] | null;
    const query = roles ? roles.indexOf('query') : 0;
    return masked[query] ? query : undefined;
  },
  heeds: true,
};

/** Padding is what is padding in every input. */
const merging: Masking = {
  result: (_config, masked) => (masked.length > 0 && masked.every(Boolean) ? 'made' : undefined),
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

const refused = (why: string): Masking => ({ ...handsOn, refuses: () => why });

const RULES: Readonly<Record<string, Masking>> = {
  [embedding.name]: {
    result: (config) => ((config as EmbeddingConfig).mask_zero ? 'made' : undefined),
    make: (_config, [x]) => tf.notEqual(tf.cast(x, 'int32'), 0),
  },
  [masking.name]: {
    result: () => 'made',
    make: (config, [x]) => heededSteps(x, (config as MaskingConfig).mask_value),
  },
  SimpleRNN: recurrent,
  LSTM: recurrent,
  GRU: recurrent,
  ConvLSTM1D: recurrent,
  ConvLSTM2D: recurrent,
  Bidirectional: {
    ...recurrent,
    result: (config, masked) => recurrent.result((config.layer as { config: LayerConfig }).config, masked),
    refuses: (config) =>
      config.merge_mode === null
        ? 'a mask on its input and merge_mode null, which are not supported together'
        : undefined,
  },
  TimeDistributed: {
    ...handsOn,
    refuses: (config) => {
      const { kind } = config.layer as { readonly kind: string };
      const inner = maskingOf(kind);
      return inner?.heeds || inner?.refuses || inner?.forward
        ? `a mask on its input, which a ${kind} inside it is not given here`
        : undefined;
    },
  },
  Attention: attention,
  AdditiveAttention: attention,
  MultiHeadAttention: attention,
  GroupQueryAttention: attention,
  GlobalAveragePooling1D: {
    result: () => undefined,
    heeds: true,
    forward: maskedMean,
    refuses: (config) =>
      config.data_format === 'channels_first' ? 'a mask on its input and channels_first' : undefined,
  },
  Softmax: refused('a mask on its input, which a Softmax is not given here'),
  BatchNormalization: refused('a mask on its input, which batch statistics do not heed here'),
  Concatenate: {
    result: (_config, masked) => (masked.some(Boolean) ? 'made' : undefined),
    make(config, inputs, masks) {
      // As broad as the tensors, joined as they are, and heeded where any feature is.
      const broad = inputs.map((input, index) => {
        const mask = masks[index];
        return mask ? tf.broadcastTo(tf.expandDims(mask, -1), input.shape) : tf.ones(input.shape, 'bool');
      });
      return tf.any(tf.concat(broad, config.axis as number), -1);
    },
  },
  ...Object.fromEntries(
    ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum'].map((kind) => [kind, merging]),
  ),
  ...Object.fromEntries(
    [
      'Activation',
      'ActivityRegularization',
      'AlphaDropout',
      'Dense',
      'Dropout',
      'ELU',
      'GaussianDropout',
      'GaussianNoise',
      'GroupNormalization',
      'Identity',
      'LayerNormalization',
      'LeakyReLU',
      'Normalization',
      'PReLU',
      'ReLU',
      'Rescaling',
      'SpatialDropout1D',
      'SpatialDropout2D',
      'SpatialDropout3D',
      'UnitNormalization',
    ].map((kind) => [kind, handsOn]),
  ),
};

export function maskingOf(kind: string): Masking | undefined {
  return Object.hasOwn(RULES, kind) ? RULES[kind] : undefined;
}
