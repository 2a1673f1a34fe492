import type { Layer, LayerGraph, LayerId } from '../graph/layerGraph';
import { inputsOf } from '../graph/lookup';

/**
 * The prefix: the largest frozen part of the graph that inputs alone feed, whose outputs never change in a run. A
 * layer without weights belongs to it as a frozen one does, unless it draws random numbers in training.
 */
export function prefixOf(graph: LayerGraph): ReadonlySet<LayerId> {
  const prefix = new Set<LayerId>();
  // Topological by first calls: a shared layer's later call may read a layer further down, hence the repetition.
  for (let size = -1; size < prefix.size;) {
    size = prefix.size;
    for (const layer of graph.layers) {
      if (isFixed(layer) && inputsOf(layer).every((tensor) => prefix.has(tensor.layer))) prefix.add(layer.id);
    }
  }
  return prefix;
}

function isFixed(layer: Layer): boolean {
  if (layer.opaque !== undefined || isRandom(layer)) return false;
  // A Normalization's statistics are set once, by `adapt`, and never by training.
  return !layer.trainable || layer.weights.length === 0 || layer.kind === 'Normalization';
}

/** Whether a layer's output differs from step to step in training. Dropping with rate 0 is no dropping. */
function isRandom({ kind, config }: Layer): boolean {
  if (/Dropout/.test(kind)) return config.rate !== 0;
  return /^(Random|Gaussian|Aug|MixUp|CutMix|RandAugment)/.test(kind);
}
