import type { Vertices } from './vertices';

/** Vertices of each rank from left to right. */
export type Order = readonly (readonly number[])[];

/** Sweeps down and up; more of them hardly lessen crossings (Gansner et al. 1993 use 24 on far smaller graphs). */
const SWEEPS = 6;

/**
 * Orders each rank so that few edges cross: depth first to begin with, then by the median of each vertex's neighbours
 * in the rank before, downwards and upwards in turn. The best order met is kept; ties keep the order there was.
 */
export function orderRanks(vertices: Vertices): Order {
  const position = new Array<number>(vertices.count).fill(0);
  let order = depthFirst(vertices);
  note(order, position);
  let best = order;
  let fewest = crossings(vertices, order, position);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    order = sweepOnce(vertices, order, position, sweep % 2 === 0);
    const count = crossings(vertices, order, position);
    if (count < fewest) [best, fewest] = [order, count];
  }
  return best;
}

function note(order: Order, position: number[]): void {
  for (const rank of order) rank.forEach((vertex, index) => (position[vertex] = index));
}

function depthFirst({ count, rankCount, ranks, above, below }: Vertices): Order {
  const order = Array.from({ length: rankCount }, (): number[] => []);
  const seen = new Uint8Array(count);
  for (let root = 0; root < count; root++) {
    if (seen[root] || above[root]!.length > 0) continue;
    const stack = [root];
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
      if (seen[vertex]) continue;
      seen[vertex] = 1;
      order[ranks[vertex]!]!.push(vertex);
      const next = below[vertex]!;
      for (let index = next.length - 1; index >= 0; index--) stack.push(next[index]!);
    }
  }
  return order;
}

function sweepOnce(vertices: Vertices, order: Order, position: number[], down: boolean): Order {
  const { rankCount, above, below } = vertices;
  const next = order.map((rank) => [...rank]);
  for (let step = 1; step < rankCount; step++) {
    const rank = next[down ? step : rankCount - 1 - step]!;
    const wanted = new Map(
      rank.map((vertex) => [vertex, median((down ? above : below)[vertex]!, position) ?? position[vertex]!]),
    );
    rank.sort((a, b) => wanted.get(a)! - wanted.get(b)! || position[a]! - position[b]!);
    rank.forEach((vertex, index) => (position[vertex] = index));
  }
  return next;
}

function median(neighbours: readonly number[], position: readonly number[]): number | undefined {
  if (neighbours.length === 0) return undefined;
  if (neighbours.length === 1) return position[neighbours[0]!]!;
  const places = neighbours.map((neighbour) => position[neighbour]!).sort((a, b) => a - b);
  const middle = places.length >> 1;
  return places.length % 2 === 1 ? places[middle]! : (places[middle - 1]! + places[middle]!) / 2;
}

/** Pairs of crossing links, counted with a Fenwick tree a rank (Barth, Jünger and Mutzel 2002). */
function crossings({ below }: Vertices, order: Order, position: readonly number[]): number {
  let total = 0;
  for (let rank = 0; rank + 1 < order.length; rank++) {
    const size = order[rank + 1]!.length;
    if (size === 1 || order[rank]!.length === 1) continue;
    const tree = new Int32Array(size + 1);
    let placed = 0;
    for (const vertex of order[rank]!) {
      const ends = below[vertex]!.map((lower) => position[lower]!).sort((a, b) => a - b);
      for (const end of ends) {
        let before = 0;
        for (let index = end + 1; index > 0; index -= index & -index) before += tree[index]!;
        total += placed - before;
      }
      for (const end of ends) {
        placed++;
        for (let index = end + 1; index <= size; index += index & -index) tree[index]!++;
      }
    }
  }
  return total;
}
