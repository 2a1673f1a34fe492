import type { LayerGraph } from '../graph/layerGraph';
import { layerNamed } from '../graph/lookup';
import { knownKind } from './config';
import type { OperationOf } from './recipe';

/** Forgets the weights of layers: those that their kinds call for are created anew afterwards. */
export function reinitialize(graph: LayerGraph, operation: OperationOf<'reinitialize'>): LayerGraph {
  const forgotten = new Set(operation.layers.map((name) => layerNamed(graph, name)));
  for (const layer of forgotten) knownKind(layer.kind, layer.name);
  return {
    ...graph,
    layers: graph.layers.map((layer) => (forgotten.has(layer) ? { ...layer, weights: [] } : layer)),
  };
}
