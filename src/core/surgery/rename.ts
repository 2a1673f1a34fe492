import type { LayerGraph } from '../graph/layerGraph';
import { layerNamed } from '../graph/lookup';
import { checkNewName, namesIn } from './names';
import type { OperationOf } from './recipe';

/** Gives a layer another name. Its id and its weights, and the seeds of fresh ones, stay. */
export function rename(graph: LayerGraph, { layer: name, to }: OperationOf<'rename'>): LayerGraph {
  const renamed = layerNamed(graph, name);
  checkNewName(to, namesIn(graph));
  return {
    ...graph,
    layers: graph.layers.map((layer) => (layer === renamed ? { ...layer, name: to } : layer)),
  };
}
