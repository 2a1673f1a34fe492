import { layoutLevel } from './level';

/**
 * A layered layout, top to bottom: nodes by rank, edges as lines through bend points. Each step is a pure function
 * over indices; equal input gives equal output. The shape follows Sugiyama, Tagawa and Toda (1981), with two turns
 * for neural networks: a long edge runs in a lane of its own, shared by everything that reads the same source, and
 * the longest path through the graph stays one straight column.
 */

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** From its left, where its lines begin and end: its middle where left out. */
  readonly axis?: number;
  /** What keeps nodes together that nothing joins. */
  readonly group?: string;
}

export function axisOf({ axis, width }: LayoutNode): number {
  return axis ?? width / 2;
}

/** From the node that is read to the node that reads it. */
export interface LayoutEdge {
  readonly source: string;
  readonly target: string;
}

export interface LayoutOptions {
  /** Pixels between nodes of one rank. */
  readonly nodeGap: number;
  /** Pixels between a lane and what is beside it. */
  readonly laneGap: number;
  /** Pixels between ranks; more where edges travel far sideways. */
  readonly rankGap: number;
  /** Pixels between a frame's ports and its first or last rank. */
  readonly portGap: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  /** Top left corners, in the order of the nodes given. The first one's is the origin; of nodes that are joined, where some are not. */
  readonly positions: readonly Point[];
  readonly ranks: readonly number[];
  /** Bend points from the source's border to the target's, in the order of the edges given. */
  readonly routes: readonly (readonly Point[])[];
  readonly bounds: Bounds;
}

export const DEFAULT_OPTIONS: LayoutOptions = { nodeGap: 40, laneGap: 28, rankGap: 52, portGap: 18 };

/**
 * @param nodes in an order in which most sources come before their readers; an edge against it is drawn upwards
 * @throws RangeError when an edge names a node that is not given
 */
export function layoutGraph(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions = DEFAULT_OPTIONS,
): Layout {
  const indexOf = new Map(nodes.map((node, index) => [node.id, index]));
  const lines = edges.map(({ source, target }) => {
    const [from, to] = [indexOf.get(source), indexOf.get(target)];
    if (from === undefined || to === undefined) {
      throw new RangeError(`edge ${source} → ${target} names a node that is not there`);
    }
    return { from, to, lane: Math.min(from, to), leaves: 0, meets: 0 };
  });
  const level = layoutLevel(nodes, lines, options);
  const origin = originOf(nodes, lines, level.positions);
  const shift = ({ x, y }: Point) => ({ x: Math.round(x - origin.x), y: Math.round(y - origin.y) });
  const positions = level.positions.map(shift);
  const routes = level.routes.map((route) => route.map(shift));
  return { positions, ranks: level.ranks, routes, bounds: boundsOf(nodes, positions, routes) };
}

function originOf(
  nodes: readonly LayoutNode[],
  lines: readonly { readonly from: number; readonly to: number }[],
  positions: readonly Point[],
): Point {
  const joined = new Set(lines.flatMap(({ from, to }) => [from, to]));
  const first =
    joined.size > 0 && nodes.length - joined.size > FEW_ALONE
      ? [...joined].reduce((least, node) => Math.min(least, node))
      : 0;
  return positions[first] ?? { x: 0, y: 0 };
}

/** So many nodes that nothing joins may stand in the first rank, as a model's spare inputs do. */
export const FEW_ALONE = 4;

export function boundsOf(
  nodes: readonly { readonly width: number; readonly height: number }[],
  positions: readonly Point[],
  routes: readonly (readonly Point[])[],
): Bounds {
  if (nodes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const include = (x: number, y: number) => {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  };
  positions.forEach(({ x, y }, index) => {
    include(x, y);
    include(x + nodes[index]!.width, y + nodes[index]!.height);
  });
  for (const route of routes) for (const { x, y } of route) include(x, y);
  return { x: left, y: top, width: right - left, height: bottom - top };
}
