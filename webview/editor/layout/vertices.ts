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
  readonly widths: readonly number[];
  /** Neighbours in the rank above and below; no repeats. */
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  /** By node: its lane's points from the rank below it on; empty where all its readers are near. */
  readonly lanes: readonly (readonly number[])[];
}

export function buildVertices(
  nodes: readonly LayoutNode[],
  nodeRanks: readonly number[],
  links: readonly Link[],
): Vertices {
  const farthest = [...nodeRanks];
  for (const { from, to } of links) farthest[from] = Math.max(farthest[from]!, nodeRanks[to]!);

  const ranks = [...nodeRanks];
  const widths = nodes.map(({ width }) => width);
  const lanes = nodes.map((_, node) => {
    const lane: number[] = [];
    for (let rank = nodeRanks[node]! + 1; rank < farthest[node]!; rank++) {
      lane.push(ranks.length);
      ranks.push(rank);
      widths.push(0);
    }
    return lane;
  });

  const above = ranks.map((): number[] => []);
  const below = ranks.map((): number[] => []);
  const join = (upper: number, lower: number) => {
    if (below[upper]!.includes(lower)) return;
    below[upper]!.push(lower);
    above[lower]!.push(upper);
  };
  for (const { from, to } of links) {
    const lane = lanes[from]!;
    const distance = nodeRanks[to]! - nodeRanks[from]!;
    join(distance === 1 ? from : lane[distance - 2]!, to);
  }
  lanes.forEach((lane, node) => {
    lane.forEach((point, index) => join(index === 0 ? node : lane[index - 1]!, point));
  });
  return {
    nodeCount: nodes.length,
    count: ranks.length,
    ranks,
    rankCount: ranks.reduce((most, rank) => Math.max(most, rank), 0) + 1,
    widths,
    above,
    below,
    lanes,
  };
}
