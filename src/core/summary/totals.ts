import { parameterCount, sizeOf, trainableParameterCount } from '../graph/layerGraph';
import type { DType, Weighed } from '../graph/layerGraph';

/** A number of weights' numbers and the bits that hold them. */
export interface Amount {
  readonly params: number;
  readonly bits: number;
}

export interface Totals {
  readonly all: Amount;
  readonly trainable: Amount;
  /** Frozen parameters, and statistics whether frozen or not. */
  readonly nonTrainable: Amount;
}

/** As `keras.src.utils.dtype_utils` counts them: a bool is one bit. */
const BITS: Readonly<Record<DType, number>> = {
  float32: 32,
  float16: 16,
  bfloat16: 16,
  float64: 64,
  int64: 64,
  uint64: 64,
  int32: 32,
  uint32: 32,
  int16: 16,
  int8: 8,
  uint16: 16,
  uint8: 8,
  bool: 1,
};

/** Parameters as Keras counts them, over the whole graph, or over some of its layers. */
export function totalsOf(graph: { readonly layers: readonly Weighed[] }): Totals {
  let bits = 0;
  let trainableBits = 0;
  for (const layer of graph.layers) {
    for (const weight of layer.weights) {
      const size = sizeOf(weight.shape) * BITS[weight.dtype];
      bits += size;
      if (isTrainable(layer, weight)) trainableBits += size;
    }
  }
  const all = { params: sum(graph.layers, parameterCount), bits };
  const trainable = { params: sum(graph.layers, trainableParameterCount), bits: trainableBits };
  const nonTrainable = { params: all.params - trainable.params, bits: bits - trainableBits };
  return { all, trainable, nonTrainable };
}

const isTrainable = (layer: Weighed, { role }: Weighed['weights'][number]) =>
  layer.trainable && role === 'parameter';

const sum = (layers: readonly Weighed[], count: (layer: Weighed) => number): number =>
  layers.reduce((total, layer) => total + count(layer), 0);
