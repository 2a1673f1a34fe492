import type { LayerGraph, LayerId } from '../graph/layerGraph';
import type { FreezeRule } from './rule';
import { matchedLayers } from './select';

/**
 * The graph with its layers frozen and unfrozen as the rules say: they apply in order, the last match wins, and a
 * layer that none matches stays as its file has it. Layers whose flag does not change keep their identity.
 *
 * @param past see `matchedLayers`
 */
export function applyFreezeRules(
  graph: LayerGraph,
  rules: readonly FreezeRule[],
  past: readonly LayerGraph[] = [],
): LayerGraph {
  if (rules.length === 0) return graph;
  const flags = new Map<LayerId, boolean>();
  for (const { match, trainable = false } of rules) {
    for (const id of matchedLayers(graph, match, past)) flags.set(id, trainable);
  }
  const layers = graph.layers.map((layer) => {
    const trainable = flags.get(layer.id) ?? layer.trainable;
    return trainable === layer.trainable ? layer : { ...layer, trainable };
  });
  return layers.every((layer, index) => layer === graph.layers[index]) ? graph : { ...graph, layers };
}
