import type { LayerGraph } from '../graph/layerGraph';
import { layerNamed } from '../graph/lookup';
import { knownKind, configOf } from './config';
import type { OperationOf } from './recipe';

/** Changes the given fields of a layer's configuration; weights that no longer fit are created anew afterwards. */
export function configure(graph: LayerGraph, operation: OperationOf<'configure'>): LayerGraph {
  const configured = layerNamed(graph, operation.layer);
  const kind = knownKind(configured.kind, configured.name);
  const config = configOf(kind, operation.config, configured.name, configured.config);
  return {
    ...graph,
    layers: graph.layers.map((layer) => (layer === configured ? { ...layer, config } : layer)),
  };
}
