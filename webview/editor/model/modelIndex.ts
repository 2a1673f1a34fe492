import type { LayerView, ModelView } from '../../../src/protocol/editor';

/** A model's layers by what one asks for. Made once a model. */
export interface ModelIndex {
  readonly model: ModelView;
  readonly byId: ReadonlyMap<string, LayerView>;
  readonly byName: ReadonlyMap<string, LayerView>;
  /** Ids of the layers that read each layer, in graph order, without repeats. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
  /** From the layer that is read to the one that reads it, without repeats. */
  readonly edges: readonly { readonly source: string; readonly target: string }[];
}

const indices = new WeakMap<ModelView, ModelIndex>();

export function indexModel(model: ModelView): ModelIndex {
  const known = indices.get(model);
  if (known) return known;
  const byId = new Map(model.layers.map((layer) => [layer.id, layer]));
  const edges = model.layers.flatMap((layer) =>
    [...new Set(layer.inputs)]
      .filter((source) => byId.has(source))
      .map((source) => ({ source, target: layer.id })),
  );
  const readers = new Map(model.layers.map((layer): [string, string[]] => [layer.id, []]));
  for (const { source, target } of edges) readers.get(source)?.push(target);
  const index: ModelIndex = {
    model,
    byId,
    byName: new Map(model.layers.map((layer) => [layer.name, layer])),
    readers,
    edges,
  };
  indices.set(model, index);
  return index;
}

/** The layer and everything it depends on. */
export function upstreamOf(index: ModelIndex, from: Iterable<string>): ReadonlySet<string> {
  const seen = new Set(from);
  const queue = [...seen];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const input of index.byId.get(id)?.inputs ?? []) {
      if (!seen.has(input)) {
        seen.add(input);
        queue.push(input);
      }
    }
  }
  return seen;
}

/** Everything that depends on the layer, itself left out. */
export function downstreamOf(index: ModelIndex, from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const reader of index.readers.get(id) ?? []) {
      if (!seen.has(reader)) {
        seen.add(reader);
        queue.push(reader);
      }
    }
  }
  return seen;
}

/** Equal for two models that are drawn with the same boxes and lines: freezing never changes it. */
export function structureOf({ layers }: ModelView): string {
  return layers.map(({ id, inputs }) => `${id}<${inputs.join()}`).join(';');
}
