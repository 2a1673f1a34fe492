import type { ModelIndex } from '../model/modelIndex';
import type { Layout } from '../layout/layoutGraph';

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * The layer an arrow key leads to: up and down follow the edges, to the nearest in the picture; left and right go to
 * the neighbour on the same rank. A layer that nothing joins stands in a column, which up and down walk along. Undefined
 * at an edge of the graph.
 */
export function neighbour(
  index: ModelIndex,
  layout: Layout,
  from: string,
  direction: Direction,
): string | undefined {
  const { layers } = index.model;
  const places = new Map(layers.map(({ id }, place) => [id, place]));
  const x = (id: string) => layout.positions[places.get(id) ?? -1]?.x ?? 0;
  const y = (id: string) => layout.positions[places.get(id) ?? -1]?.y ?? 0;
  const rank = (id: string) => layout.ranks[places.get(id) ?? -1] ?? 0;
  const readsNothing = (index.byId.get(from)?.inputs ?? []).length === 0;
  const isAlone = readsNothing && (index.readers.get(from) ?? []).length === 0;
  if (isAlone && (direction === 'up' || direction === 'down')) {
    const sign = direction === 'up' ? -1 : 1;
    const column = layers
      .map(({ id }) => id)
      .filter((id) => x(id) === x(from) && (y(id) - y(from)) * sign > 0);
    return nearest(column, (id) => Math.abs(y(id) - y(from)));
  }
  if (direction === 'up' || direction === 'down') {
    const along = direction === 'up' ? index.byId.get(from)?.inputs : index.readers.get(from);
    const distance = (id: string) => Math.abs(rank(id) - rank(from)) * 1e4 + Math.abs(x(id) - x(from));
    return nearest(along ?? [], distance);
  }
  const sign = direction === 'left' ? -1 : 1;
  const beside = layers
    .map(({ id }) => id)
    .filter((id) => rank(id) === rank(from) && (x(id) - x(from)) * sign > 0);
  return nearest(beside, (id) => Math.abs(x(id) - x(from)));
}

function nearest(ids: readonly string[], distance: (id: string) => number): string | undefined {
  let best: string | undefined;
  for (const id of ids) if (best === undefined || distance(id) < distance(best)) best = id;
  return best;
}
