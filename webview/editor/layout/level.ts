import { placeInGrid } from './grid';
import { axisOf, boundsOf, FEW_ALONE } from './layoutGraph';
import type { LayoutNode, LayoutOptions, Point } from './layoutGraph';
import { orderRanks } from './order';
import { placeVertices } from './place';
import { rankNodes } from './rank';
import type { Side } from './rank';
import { routeEdge } from './route';
import type { Line } from './route';
import { buildVertices } from './vertices';

export interface Level {
  /** Top left corners, from wherever they come to stand; not rounded. */
  readonly positions: readonly Point[];
  readonly ranks: readonly number[];
  /** Bend points of the lines, in their order. */
  readonly routes: readonly (readonly Point[])[];
}

/**
 * One level of a drawing, in layers from top to bottom: what `layoutGraph` draws as a whole, and `layoutNested` frame
 * by frame.
 *
 * @param sides of those nodes that are ports of the frame: top ones come first among the nodes, bottom ones last
 */
export function layoutLevel(
  nodes: readonly LayoutNode[],
  lines: readonly Line[],
  options: LayoutOptions,
  sides: readonly (Side | undefined)[] = [],
): Level {
  if (nodes.length === 0) return { positions: [], ranks: [], routes: [] };
  const joined = new Uint8Array(nodes.length);
  for (const { from, to } of lines) joined[from] = joined[to] = 1;
  const alone = joined.reduce((count, isJoined) => count - isJoined, nodes.length);
  if (alone > FEW_ALONE) return layoutApart(nodes, lines, joined, options, sides);
  const forward = lines.filter(({ from, to }) => from !== to).map(downwards);
  const { ranks, ports } = rankNodes(
    nodes.map((_, index) => sides[index]),
    forward,
  );
  const vertices = buildVertices(nodes, ranks, forward);
  const order = orderRanks(vertices);
  const { centers, tops, heights } = placeVertices(vertices, order, nodes, options, ports);

  const topOf = (node: number) => tops[ranks[node]!]! + (heights[ranks[node]!]! - nodes[node]!.height) / 2;
  const frame = { vertices, centers, tops, heights, nodes, topOf };
  return {
    positions: nodes.map((node, index) => ({ x: centers[index]! - axisOf(node), y: topOf(index) })),
    ranks,
    routes: lines.map((line) => routeEdge(frame, line)),
  };
}

/** Nodes that nothing joins in a grid, to the right of those that something does: a rank of them would have no end. */
function layoutApart(
  nodes: readonly LayoutNode[],
  lines: readonly Line[],
  joined: Uint8Array,
  options: LayoutOptions,
  sides: readonly (Side | undefined)[],
): Level {
  const inGraph = nodes.flatMap((_, index) => (joined[index] ? [index] : []));
  const placeOf = new Map(inGraph.map((index, place) => [index, place]));
  const graphNodes = inGraph.map((index) => nodes[index]!);
  const graph = layoutLevel(
    graphNodes,
    lines.map((line) => ({
      ...line,
      from: placeOf.get(line.from)!,
      to: placeOf.get(line.to)!,
      lane: line.lane < nodes.length ? placeOf.get(line.lane)! : line.lane,
    })),
    options,
    inGraph.map((index) => sides[index]),
  );
  const apart = nodes.flatMap((_, index) => (joined[index] ? [] : [index]));
  const grid = placeInGrid(
    apart.map((index) => nodes[index]!),
    options,
  );
  const { x, y, width } = boundsOf(graphNodes, graph.positions, graph.routes);
  const corner = inGraph.length > 0 ? { x: x + width + 2 * options.nodeGap, y } : { x: 0, y: 0 };
  const positions: Point[] = [];
  const ranks: number[] = [];
  inGraph.forEach((index, place) => {
    positions[index] = graph.positions[place]!;
    ranks[index] = graph.ranks[place]!;
  });
  apart.forEach((index, place) => {
    const at = grid.positions[place]!;
    positions[index] = { x: at.x + corner.x, y: at.y + corner.y };
    ranks[index] = grid.rows[place]!;
  });
  return { positions, ranks, routes: graph.routes };
}

/** The same line, from the node that is given first: the layout knows no cycles. */
function downwards({ from, to, lane }: Line): { from: number; to: number; lane: number } {
  return from < to ? { from, to, lane } : { from: to, to: from, lane };
}
