import { sizeOf } from '../../../src/core/graph/layerGraph';
import type { LayerView, ModelView } from '../../../src/protocol/editor';

/** Every number counted once, as the model's own totals: `params = trainable + frozen + statistics`. */
export function totalsOf(layers: readonly LayerView[]): ModelView['totals'] {
  let [params, trainable, statistics, flops] = [0, 0, 0, 0];
  for (const layer of layers) {
    params += layer.params;
    trainable += layer.trainableParams;
    flops += layer.flops;
    for (const weight of layer.weights) if (weight.role === 'statistic') statistics += sizeOf(weight.shape);
  }
  return { params, trainable, frozen: params - trainable - statistics, statistics, flops };
}
