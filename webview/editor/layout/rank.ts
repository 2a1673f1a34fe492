/** An edge between indices, the smaller first. */
export interface Link {
  readonly from: number;
  readonly to: number;
}

/**
 * A rank a node, from zero: one more than the deepest node it reads. A node that reads nothing stands right above its
 * first reader, so that a second input does not hang at the top of a deep model.
 */
export function rankNodes(count: number, links: readonly Link[]): readonly number[] {
  const { sources, targets } = neighbours(count, links);
  const ranks = new Array<number>(count).fill(0);
  for (let node = 0; node < count; node++) {
    for (const source of sources[node]!) ranks[node] = Math.max(ranks[node]!, ranks[source]! + 1);
  }
  for (let node = 0; node < count; node++) {
    if (sources[node]!.length > 0 || targets[node]!.length === 0) continue;
    const first = targets[node]!.reduce((least, target) => Math.min(least, ranks[target]!), Infinity);
    ranks[node] = first - 1;
  }
  return ranks;
}

function neighbours(count: number, links: readonly Link[]) {
  const sources = Array.from({ length: count }, (): number[] => []);
  const targets = Array.from({ length: count }, (): number[] => []);
  for (const { from, to } of links) {
    sources[to]!.push(from);
    targets[from]!.push(to);
  }
  return { sources, targets };
}
