import { placeInGrid } from './grid';
import { orderRanks } from './order';
import { placeVertices } from './place';
import { rankNodes } from './rank';
import { routeEdge } from './route';
import { buildVertices } from './vertices';

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
  /** What keeps nodes together that nothing joins. */
  readonly group?: string;
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

/** So many nodes that nothing joins may stand in the first rank, as a model's spare inputs do. */
const FEW_ALONE = 4;

export const DEFAULT_OPTIONS: LayoutOptions = { nodeGap: 40, laneGap: 28, rankGap: 52 };

/**
 * @param nodes in an order in which most sources come before their readers; an edge against it is drawn upwards
 * @throws RangeError when an edge names a node that is not given
 */
export function layoutGraph(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions = DEFAULT_OPTIONS,
): Layout {
  if (nodes.length === 0) {
    return { positions: [], ranks: [], routes: [], bounds: { x: 0, y: 0, width: 0, height: 0 } };
  }
  const indexOf = new Map(nodes.map((node, index) => [node.id, index]));
  const links = edges.map(({ source, target }) => {
    const [from, to] = [indexOf.get(source), indexOf.get(target)];
    if (from === undefined || to === undefined) {
      throw new RangeError(`edge ${source} → ${target} names a node that is not there`);
    }
    return { from, to };
  });
  const joined = new Set(links.flatMap(({ from, to }) => [from, to]));
  if (nodes.length - joined.size > FEW_ALONE) return layoutApart(nodes, edges, joined, options);
  const forward = links.filter(({ from, to }) => from !== to).map(downwards);
  const ranks = rankNodes(nodes.length, forward);
  const vertices = buildVertices(nodes, ranks, forward);
  const order = orderRanks(vertices);
  const { centers, tops, heights } = placeVertices(vertices, order, nodes, options);

  const origin = { x: centers[0]! - nodes[0]!.width / 2, y: topOf(0) };
  function topOf(node: number): number {
    return tops[ranks[node]!]! + (heights[ranks[node]!]! - nodes[node]!.height) / 2;
  }
  const frame = { vertices, centers, tops, heights, nodes, topOf };
  const positions = nodes.map((node, index) => ({
    x: Math.round(centers[index]! - node.width / 2 - origin.x),
    y: Math.round(topOf(index) - origin.y),
  }));
  const routes = links.map((link) =>
    routeEdge(frame, link).map(({ x, y }) => ({ x: Math.round(x - origin.x), y: Math.round(y - origin.y) })),
  );
  return { positions, ranks, routes, bounds: boundsOf(nodes, positions, routes) };
}

/** Nodes that nothing joins in a grid, to the right of those that something does: a rank of them would have no end. */
function layoutApart(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  joined: ReadonlySet<number>,
  options: LayoutOptions,
): Layout {
  const graph = layoutGraph(
    nodes.filter((_, index) => joined.has(index)),
    edges,
    options,
  );
  const grid = placeInGrid(
    nodes.filter((_, index) => !joined.has(index)),
    options,
  );
  const { x, y, width } = graph.bounds;
  const corner = joined.size > 0 ? { x: x + width + 2 * options.nodeGap, y } : { x: 0, y: 0 };
  const positions: Point[] = [];
  const ranks: number[] = [];
  let [inGraph, inGrid] = [0, 0];
  nodes.forEach((_, index) => {
    if (joined.has(index)) {
      positions.push(graph.positions[inGraph]!);
      ranks.push(graph.ranks[inGraph++]!);
    } else {
      const place = grid.positions[inGrid]!;
      positions.push({ x: place.x + corner.x, y: place.y + corner.y });
      ranks.push(grid.rows[inGrid++]!);
    }
  });
  return { positions, ranks, routes: graph.routes, bounds: boundsOf(nodes, positions, graph.routes) };
}

/** The same line, from the node that is given first: the layout knows no cycles. */
function downwards({ from, to }: { from: number; to: number }): { from: number; to: number } {
  return from < to ? { from, to } : { from: to, to: from };
}

function boundsOf(
  nodes: readonly LayoutNode[],
  positions: readonly Point[],
  routes: readonly (readonly Point[])[],
): Bounds {
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
