import type { Order } from './order';
import type { Vertices } from './vertices';

/**
 * Groups vertices into vertical blocks that are placed as one, so that chains and lanes are straight: each vertex is
 * joined to the neighbour that continues the longest path, lane points to their lane. Joins of neighbouring ranks
 * never cross, which is what keeps "left of" between blocks free of cycles (Brandes and Köpf 2001).
 */
export interface Blocks {
  readonly count: number;
  /** The block of each vertex. */
  readonly blockOf: readonly number[];
  readonly members: readonly (readonly number[])[];
}

export function buildBlocks(vertices: Vertices, order: Order): Blocks {
  const { count } = vertices;
  const position = new Array<number>(count);
  for (const rank of order) rank.forEach((vertex, index) => (position[vertex] = index));
  const depth = depthBelow(vertices, order);

  const joined = new Array<number>(count).fill(-1);
  for (let rank = 0; rank + 1 < order.length; rank++) {
    const joins = order[rank]!.flatMap((upper) => {
      const lower = continuation(vertices, upper, depth, position);
      return lower !== undefined && origin(vertices, lower, position) === upper ? [{ upper, lower }] : [];
    });
    for (const { upper, lower } of withoutCrossings(joins, position, depth)) joined[lower] = upper;
  }

  const blockOf = new Array<number>(count).fill(-1);
  const members: number[][] = [];
  for (const vertex of order.flat()) {
    const upper = joined[vertex]!;
    if (upper >= 0) {
      blockOf[vertex] = blockOf[upper]!;
      members[blockOf[vertex]]!.push(vertex);
    } else {
      blockOf[vertex] = members.length;
      members.push([vertex]);
    }
  }
  return { count: members.length, blockOf, members };
}

/** How many ranks the longest path below each vertex spans; lane points count for less, so that nodes lead. */
function depthBelow({ count, nodeCount, below }: Vertices, order: Order): readonly number[] {
  const depth = new Array<number>(count).fill(0);
  for (let rank = order.length - 1; rank >= 0; rank--) {
    for (const vertex of order[rank]!) {
      for (const lower of below[vertex]!) depth[vertex] = Math.max(depth[vertex]!, depth[lower]! + 1);
      if (vertex >= nodeCount) depth[vertex]! -= 0.5;
    }
  }
  return depth;
}

/** Whom a vertex wants straight below it. */
function continuation(
  { nodeCount, ranks, below }: Vertices,
  vertex: number,
  depth: readonly number[],
  position: readonly number[],
): number | undefined {
  const candidates = below[vertex]!;
  if (candidates.length === 1) return candidates[0];
  const isLane = (candidate: number) => candidate >= nodeCount;
  const lane = vertex >= nodeCount ? candidates.find(isLane) : undefined;
  if (lane !== undefined) return lane;
  const nodes = candidates.filter((candidate) => !isLane(candidate));
  const preferred = nodes.length > 0 ? nodes : candidates;
  const deepest = preferred.reduce((most, candidate) => Math.max(most, depth[candidate]!), -1);
  const equal = preferred.filter((candidate) => depth[candidate] === deepest);
  equal.sort((a, b) => position[a]! - position[b]! || ranks[a]! - ranks[b]!);
  return equal[(equal.length - 1) >> 1];
}

/** Whom a vertex wants straight above it: a node rather than a lane, the middle one of equals. */
function origin(
  { nodeCount, above }: Vertices,
  vertex: number,
  position: readonly number[],
): number | undefined {
  const candidates = above[vertex]!;
  if (vertex >= nodeCount || candidates.length === 1) return candidates[0];
  const nodes = candidates.filter((candidate) => candidate < nodeCount);
  const preferred = [...(nodes.length > 0 ? nodes : candidates)];
  preferred.sort((a, b) => position[a]! - position[b]!);
  return preferred[(preferred.length - 1) >> 1];
}

interface Join {
  readonly upper: number;
  readonly lower: number;
}

/** The joins that cross none that leads deeper. */
function withoutCrossings(
  joins: readonly Join[],
  position: readonly number[],
  depth: readonly number[],
): readonly Join[] {
  const ascending = joins.every(
    ({ lower }, index) => index === 0 || position[joins[index - 1]!.lower]! < position[lower]!,
  );
  if (ascending) return joins;
  const kept: Join[] = [];
  const byDepth = [...joins].sort((a, b) => depth[b.upper]! - depth[a.upper]!);
  for (const join of byDepth) {
    const crosses = kept.some(
      (other) =>
        position[other.upper]! < position[join.upper]! !== position[other.lower]! < position[join.lower]!,
    );
    if (!crosses) kept.push(join);
  }
  return kept;
}
