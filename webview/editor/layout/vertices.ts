import { axisOf } from './layoutGraph';
import type { LayoutNode } from './layoutGraph';
import type { Link } from './rank';

/**
 * What the layout orders and places: the nodes, and the points at which lanes pass the ranks between a source and its
 * farthest reader. Every link joins neighbouring ranks.
 */
export interface Vertices {
  /** Vertices below this are nodes by their index; those from it on are lane points. */
  readonly nodeCount: number;
  readonly count: number;
  readonly ranks: readonly number[];
  readonly rankCount: number;
  /** How far each reaches to either side of its axis, which is where its lines begin and end. */
  readonly lefts: readonly number[];
  readonly rights: readonly number[];
  /** Neighbours in the rank above and below; no repeats. */
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  /** By lane: its points from the rank below its source on; empty where all its readers are near. */
  readonly lanes: readonly (readonly number[])[];
}

/** @param links `lane` is the source's index, unless it sends out several tensors; lanes beyond the nodes' are numbered on */
export function buildVertices(
  nodes: readonly LayoutNode[],
  nodeRanks: readonly number[],
  links: readonly Link[],
): Vertices {
  const sources: number[] = [];
  const farthest: number[] = [];
  for (const { from, to, lane } of links) {
    sources[lane] = from;
    farthest[lane] = Math.max(farthest[lane] ?? 0, nodeRanks[to]!);
  }

  const ranks = [...nodeRanks];
  const lefts = nodes.map(axisOf);
  const rights = nodes.map((node) => node.width - axisOf(node));
  const lanes = Array.from(farthest, (last, lane) => {
    const points: number[] = [];
    const source = sources[lane];
    if (source === undefined) return points;
    for (let rank = nodeRanks[source]! + 1; rank < last; rank++) {
      points.push(ranks.length);
      ranks.push(rank);
      lefts.push(0);
      rights.push(0);
    }
    return points;
  });

  const above = ranks.map((): number[] => []);
  const below = ranks.map((): number[] => []);
  const join = (upper: number, lower: number) => {
    if (below[upper]!.includes(lower)) return;
    below[upper]!.push(lower);
    above[lower]!.push(upper);
  };
  for (const { from, to, lane } of links) {
    const distance = nodeRanks[to]! - nodeRanks[from]!;
    join(distance === 1 ? from : lanes[lane]![distance - 2]!, to);
  }
  lanes.forEach((points, lane) => {
    points.forEach((point, index) => join(index === 0 ? sources[lane]! : points[index - 1]!, point));
  });
  return {
    nodeCount: nodes.length,
    count: ranks.length,
    ranks,
    rankCount: ranks.reduce((most, rank) => Math.max(most, rank), 0) + 1,
    lefts,
    rights,
    above,
    below,
    lanes,
  };
}
