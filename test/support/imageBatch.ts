import { sizeOf, type LayerGraph, type Shape } from '../../src/core/graph/layerGraph';
import { layersById } from '../../src/core/graph/lookup';
import type { Tensorlike } from '../../src/trainer/batch';
import { randomFrom } from './randomNumbers';

/** Numbers between -1 and 1 for a graph's one input, the same ones each time. */
export function imageBatch(graph: LayerGraph, count: number): Tensorlike {
  const batchShape = layersById(graph).get(graph.inputs[0]!.layer)!.config.batch_shape as Shape;
  const shape = [count, ...batchShape.slice(1).map((size) => size ?? 32)];
  const random = randomFrom(7);
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random(256) / 127.5 - 1) };
}
