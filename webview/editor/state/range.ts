import { downstreamOf, pathBetween, upstreamOf } from '../model/modelIndex';
import type { ModelIndex } from '../model/modelIndex';

/**
 * From one layer to another: all on the ways between them, whichever comes first; where no way joins them, all that
 * stand between them in the graph's order.
 */
export function rangeBetween(index: ModelIndex, from: string, to: string): readonly string[] {
  const { layers } = index.model;
  const ways = pathBetween(index, from, to);
  if (ways.size > 0) return layers.filter(({ id }) => ways.has(id)).map(({ id }) => id);
  const places = [from, to].map((wanted) => layers.findIndex(({ id }) => id === wanted));
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return first < 0 ? [to] : layers.slice(first, last + 1).map(({ id }) => id);
}

/** What some layers depend on, themselves left in. */
export function allBefore(index: ModelIndex, selection: ReadonlySet<string>): readonly string[] {
  const above = upstreamOf(index, selection);
  return index.model.layers.filter(({ id }) => above.has(id)).map(({ id }) => id);
}

/** What depends on some layers, themselves left in. */
export function allAfter(index: ModelIndex, selection: ReadonlySet<string>): readonly string[] {
  const below = new Set(selection);
  for (const id of selection) for (const reader of downstreamOf(index, id)) below.add(reader);
  return index.model.layers.filter(({ id }) => below.has(id)).map(({ id }) => id);
}

export function allOfKinds(index: ModelIndex, kinds: ReadonlySet<string>): readonly string[] {
  return index.model.layers.filter(({ kind }) => kinds.has(kind)).map(({ id }) => id);
}

/** The layers of a selection that no other of it reads: where it ends. */
export function endsOf(index: ModelIndex, selection: ReadonlySet<string>): readonly string[] {
  return [...selection].filter(
    (id) => !(index.readers.get(id) ?? []).some((reader) => selection.has(reader)),
  );
}

/** The layers of a selection that read no other of it: where it begins. */
export function startsOf(index: ModelIndex, selection: ReadonlySet<string>): readonly string[] {
  return [...selection].filter(
    (id) => !(index.byId.get(id)?.inputs ?? []).some((input) => selection.has(input)),
  );
}
