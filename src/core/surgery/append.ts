import type { LayerGraph } from '../graph/layerGraph';
import { layerNamed } from '../graph/lookup';
import { freshChain } from './fresh';
import { outputsEndingIn, pruneTo, tensorOf } from './reach';
import type { OperationOf } from './recipe';

/**
 * Hangs a chain of new layers on a layer; its end becomes the output, in place of every output that depends on that
 * layer. Layers that reach no output any more go, as Keras's `Model(inputs, outputs)` drops them: appended in the
 * middle, a new head replaces the old one.
 */
export function append(graph: LayerGraph, operation: OperationOf<'append'>): LayerGraph {
  const after = layerNamed(graph, operation.after);
  const { layers, end } = freshChain(graph, tensorOf(graph, after), operation.layers);
  const outputs = outputsEndingIn(graph, after, end);
  return pruneTo({ ...graph, layers: [...graph.layers, ...layers] }, outputs);
}
