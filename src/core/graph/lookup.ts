import type { Layer, LayerGraph, LayerId, TensorRef } from './layerGraph';
import { unknownLayer } from '../failure';

export function layersById(graph: LayerGraph): ReadonlyMap<LayerId, Layer> {
  return new Map(graph.layers.map((layer) => [layer.id, layer]));
}

const byNames = new WeakMap<LayerGraph, ReadonlyMap<string, Layer>>();

/** Made once a graph: a rule may name all of ten thousand layers. Of layers of one name the first counts. */
export function layersByName(graph: LayerGraph): ReadonlyMap<string, Layer> {
  const known = byNames.get(graph);
  if (known) return known;
  const byName = new Map<string, Layer>();
  for (const layer of graph.layers) if (!byName.has(layer.name)) byName.set(layer.name, layer);
  byNames.set(graph, byName);
  return byName;
}

/** The layer of that name; else a failure that names the nearest one there is. */
export function layerNamed(graph: LayerGraph, name: string): Layer {
  const layer = graph.layers.find((candidate) => candidate.name === name);
  if (layer) return layer;
  throw unknownLayer(
    name,
    graph.layers.map((candidate) => candidate.name),
  );
}

/** Every tensor the layer reads, over all its calls. */
export function inputsOf(layer: Layer): readonly TensorRef[] {
  return layer.calls.flatMap((call) => call.inputs);
}

/** The layers that `from` depends on, itself included. */
export function ancestorsOf(graph: LayerGraph, from: Iterable<LayerId>): ReadonlySet<LayerId> {
  const byId = layersById(graph);
  const seen = new Set<LayerId>(from);
  const queue = [...seen];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const layer = byId.get(id);
    if (!layer) continue;
    for (const { layer: input } of inputsOf(layer)) {
      if (!seen.has(input)) {
        seen.add(input);
        queue.push(input);
      }
    }
  }
  return seen;
}

/** The layers that depend on `from`, itself included. */
export function descendantsOf(graph: LayerGraph, from: Iterable<LayerId>): ReadonlySet<LayerId> {
  const readers = new Map<LayerId, LayerId[]>();
  for (const layer of graph.layers) {
    for (const { layer: input } of inputsOf(layer)) {
      const known = readers.get(input);
      if (known) known.push(layer.id);
      else readers.set(input, [layer.id]);
    }
  }
  const seen = new Set<LayerId>(from);
  const queue = [...seen];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const reader of readers.get(id) ?? []) {
      if (!seen.has(reader)) {
        seen.add(reader);
        queue.push(reader);
      }
    }
  }
  return seen;
}
