import type { LayerConfig } from '../graph/layerGraph';
import { isRecord } from './fields';

/**
 * Whose mask a layer's first output has, where a mask says what steps of a sequence are padding: that of an input, by
 * index, one that the layer makes, or none. Source: `supports_masking` and `compute_mask` of keras.layers.
 *
 * @param masked which of the inputs have one
 */
export function maskResult(
  kind: string,
  config: LayerConfig,
  masked: readonly boolean[],
): number | 'made' | undefined {
  if (HANDS_ON.has(kind)) return masked[0] ? 0 : undefined;
  if (MERGES.has(kind)) return masked.length > 0 && masked.every(Boolean) ? 'made' : undefined;
  switch (kind) {
    case 'Embedding':
      return config.mask_zero === true ? 'made' : undefined;
    case 'Masking':
      return 'made';
    case 'Concatenate':
      return masked.includes(true) ? 'made' : undefined;
    case 'SimpleRNN':
    case 'LSTM':
    case 'GRU':
    case 'ConvLSTM1D':
    case 'ConvLSTM2D':
    case 'ConvLSTM3D':
    case 'RNN':
      return masked[0] && config.return_sequences === true ? 0 : undefined;
    case 'Bidirectional': {
      const inner = isRecord(config.layer) && isRecord(config.layer.config) ? config.layer.config : {};
      return masked[0] && inner.return_sequences === true ? 0 : undefined;
    }
    case 'Attention':
    case 'AdditiveAttention':
    case 'MultiHeadAttention':
    case 'GroupQueryAttention': {
      const query = Array.isArray(config.call_inputs) ? config.call_inputs.indexOf('query') : 0;
      return masked[query] ? query : undefined;
    }
    default:
      return undefined;
  }
}

/** Padding is what is padding in every input. */
const MERGES: ReadonlySet<string> = new Set(['Add', 'Average', 'Maximum', 'Minimum', 'Multiply', 'Subtract']);

const HANDS_ON: ReadonlySet<string> = new Set([
  'Activation',
  'ActivityRegularization',
  'AlphaDropout',
  'BatchNormalization',
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
  'Softmax',
  'SpatialDropout1D',
  'SpatialDropout2D',
  'SpatialDropout3D',
  'TimeDistributed',
  'UnitNormalization',
]);
