import type { ModelView } from '../../../src/protocol/editor';

export interface Group {
  /** Names from the outermost inwards, as a rule writes them: `resnet50/conv3`. */
  readonly path: string;
  readonly depth: number;
  /** Layers with weights in it, at any depth. */
  readonly layers: number;
}

/** The groups that hold weights, each before those inside it, in the graph's order. */
export function groupsIn({ layers }: Pick<ModelView, 'layers'>): readonly Group[] {
  const counts = new Map<string, number>();
  for (const { group, weights } of layers) {
    if (weights.length === 0) continue;
    group.forEach((_, depth) => {
      const path = group.slice(0, depth + 1).join('/');
      counts.set(path, (counts.get(path) ?? 0) + 1);
    });
  }
  const groups = [...counts].map(([path, members]) => ({
    path,
    depth: path.split('/').length - 1,
    layers: members,
  }));
  // A group may come back later in the graph; what is in it stays below it.
  const order = new Map(groups.map(({ path }, place) => [path, place]));
  const places = (path: string) =>
    path.split('/').map((_, depth, names) => order.get(names.slice(0, depth + 1).join('/')) ?? 0);
  return groups.sort((a, b) => compare(places(a.path), places(b.path)));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((place, depth) => place !== b[depth]);
  return differs < 0 ? a.length - b.length : (a[differs] ?? 0) - (b[differs] ?? -1);
}
