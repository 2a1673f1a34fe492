import { reshape, type Constant } from '../constants';
import type { GraphSoFar, Recognized, Weights } from '../draft';
import type { FlatTensor } from '../flatGraph';
import type { DataFormat } from './space';

const ONES = { kind: 'Ones', config: {} };

/** `x · scale + offset` by channel of an image: a depthwise convolution of one by one. */
export function scaleByChannel(
  input: FlatTensor,
  scale: Constant,
  format: DataFormat,
  offset?: Constant,
): Recognized | undefined {
  const channels = scale.shape[0] ?? 0;
  const kernel = reshape(scale, [1, 1, channels, 1]);
  if (!kernel) return undefined;
  const config = { kernel_size: [1, 1], data_format: format, use_bias: offset !== undefined };
  const weights: Weights = offset ? { kernel, bias: offset } : { kernel };
  return { make: { kind: 'DepthwiseConv2D', config, inputs: [input], weights } };
}

/** `x + offset` by channel of an image. */
export function shiftByChannel(
  input: FlatTensor,
  offset: Constant,
  format: DataFormat,
  graph: GraphSoFar,
): Recognized | undefined {
  if (graph.shape(input)?.length !== 4) return undefined;
  const ones: Constant = {
    dtype: 'float32',
    shape: offset.shape,
    source: { from: 'initializer', initializer: ONES, seed: 0 },
  };
  return scaleByChannel(input, ones, format, offset);
}
