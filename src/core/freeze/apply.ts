import type { Layer, LayerGraph, LayerId } from '../graph/layerGraph';
import type { FreezeRule } from './rule';
import { matchedLayers } from './select';

/** What freeze rules make of a graph. */
export interface Frozen {
  /** Layers whose flag does not change keep their identity. */
  readonly graph: LayerGraph;
  /** Of trainable layers, where it is not one. */
  readonly learningRateMultipliers: ReadonlyMap<LayerId, number>;
}

/**
 * Freezes and unfreezes layers as the rules say: they apply in order, the last match wins, and a layer that none
 * matches stays as its file has it. Layers that come out alike are the same objects, from one time to the next.
 *
 * @param past see `matchedLayers`
 */
export function applyFreezeRules(
  graph: LayerGraph,
  rules: readonly FreezeRule[],
  past: readonly LayerGraph[] = [],
): Frozen {
  const lastRules = new Map<LayerId, FreezeRule>();
  for (const rule of rules) {
    for (const id of matchedLayers(graph, rule.match, past)) lastRules.set(id, rule);
  }
  const learningRateMultipliers = new Map<LayerId, number>();
  for (const [id, { learningRateMultiplier = 1 }] of lastRules) {
    if (learningRateMultiplier !== 1) learningRateMultipliers.set(id, learningRateMultiplier);
  }
  let same = true;
  const layers = graph.layers.map((layer) => {
    const rule = lastRules.get(layer.id);
    const trainable = rule ? (rule.trainable ?? false) : layer.trainable;
    if (trainable === layer.trainable) return layer;
    same = false;
    return switched(layer, trainable);
  });
  return { graph: same ? graph : { ...graph, layers }, learningRateMultipliers };
}

/** Each layer with its flag the other way: one object, however often rules are applied. */
const others = new WeakMap<Layer, Layer>();

function switched(layer: Layer, trainable: boolean): Layer {
  const known = others.get(layer);
  if (known) return known;
  const other: Layer = { ...layer, trainable };
  others.set(layer, other);
  others.set(other, layer);
  return other;
}
