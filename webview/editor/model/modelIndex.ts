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

/** An index, and what finds its readers: those of another model's may be asked for later. */
interface Known {
  readonly index: ModelIndex;
  readonly readers: () => ModelIndex['readers'];
}

const indices = new WeakMap<ModelView, Known>();

export function indexModel(model: ModelView): ModelIndex {
  const known = indices.get(model);
  if (known) return known.index;
  const byId = new Map(model.layers.map((layer) => [layer.id, layer]));
  const edges: { source: string; target: string }[] = [];
  for (const { id, inputs } of model.layers) {
    const sources = inputs.length > 1 ? new Set(inputs) : inputs;
    for (const source of sources) if (byId.has(source)) edges.push({ source, target: id });
  }
  return remember(
    model,
    byId,
    edges,
    once(() => readersIn(model, edges)),
  );
}

function readersIn({ layers }: ModelView, edges: ModelIndex['edges']): ModelIndex['readers'] {
  const readers = new Map(layers.map((layer): [string, string[]] => [layer.id, []]));
  for (const { source, target } of edges) readers.get(source)?.push(target);
  return readers;
}

/**
 * Indexes a model that differs from another in a few layers. Where both have the same boxes and lines, which freezing
 * never changes, `edges` and `readers` stay the same objects: by that one knows that there is nothing to lay out anew.
 */
export function carryIndex(before: ModelView, after: ModelView): void {
  const known = indices.get(before);
  const same =
    known &&
    before.layers.length === after.layers.length &&
    before.layers.every((old, place) => {
      const now = after.layers[place]!;
      return old === now || (old.id === now.id && old.inputs.join('\n') === now.inputs.join('\n'));
    });
  if (!same) return;
  const byId = new Map(after.layers.map((layer) => [layer.id, layer]));
  // Not by way of the index: each would hold the one before, and its model.
  remember(after, byId, known.index.edges, known.readers);
}

function namesOf({ layers }: ModelView): ReadonlyMap<string, LayerView> {
  return new Map(layers.map((layer) => [layer.name, layer]));
}

/** Finds something when it is first asked for, and then holds nothing else. */
function once<T extends object>(find: () => T): () => T {
  let [found, asked]: [T | undefined, () => T] = [undefined, find];
  return () => {
    if (found) return found;
    const made = (found = asked());
    asked = () => made;
    return made;
  };
}

/** Names and readers are looked up when somebody asks: the first look at a model does not. */
function remember(
  model: ModelView,
  byId: ModelIndex['byId'],
  edges: ModelIndex['edges'],
  readers: Known['readers'],
): ModelIndex {
  let names: ModelIndex['byName'] | undefined;
  const index: ModelIndex = {
    model,
    byId,
    edges,
    get byName() {
      return (names ??= namesOf(model));
    },
    get readers() {
      return readers();
    },
  };
  indices.set(model, { index, readers });
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

/** All layers on the ways from the one to the other, whichever comes first; both are among them. Empty where there is none. */
export function pathBetween(index: ModelIndex, from: string, to: string): ReadonlySet<string> {
  for (const [first, last] of [
    [from, to],
    [to, from],
  ] as const) {
    const below = downstreamOf(index, first);
    if (!below.has(last)) continue;
    const above = upstreamOf(index, [last]);
    return new Set([first, ...[...below].filter((id) => above.has(id))]);
  }
  return new Set();
}
