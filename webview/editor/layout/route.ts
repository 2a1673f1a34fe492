import { axisOf } from './layoutGraph';
import type { LayoutNode, Point } from './layoutGraph';
import type { Vertices } from './vertices';

/** A line to draw; `leaves` and `meets` say how far from its ends' axes it does so. */
export interface Line {
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  readonly leaves: number;
  readonly meets: number;
}

/** Where everything has come to stand. */
export interface Frame {
  readonly vertices: Vertices;
  readonly centers: readonly number[];
  readonly tops: readonly number[];
  readonly heights: readonly number[];
  readonly nodes: readonly LayoutNode[];
  readonly topOf: (node: number) => number;
}

/** How far a layer that reads itself sends its loop out. */
const LOOP = 16;

/**
 * The bend points of an edge. It is vertical wherever it passes a rank, and moves sideways only between ranks, so it
 * never meets a node's box.
 */
export function routeEdge(frame: Frame, line: Line): readonly Point[] {
  const { from, to, lane, leaves, meets } = line;
  if (from === to) return loop(frame, from);
  if (from < to) return descend(frame, line);
  return [...descend(frame, { from: to, to: from, lane, leaves: meets, meets: leaves })].reverse();
}

function descend(
  { vertices, centers, tops, heights, nodes, topOf }: Frame,
  { from, to, lane, leaves, meets }: Line,
): readonly Point[] {
  const { ranks, lanes } = vertices;
  const start = centers[from]! + leaves;
  const x = centers[to]! + meets;
  const distance = ranks[to]! - ranks[from]!;
  // Most lines of a deep model.
  if (distance === 1 && start === x) {
    return [
      { x, y: topOf(from) + nodes[from]!.height },
      { x, y: topOf(to) },
    ];
  }
  const passed = lanes[lane]!.slice(0, distance - 1);
  const bottom = (rank: number) => tops[rank]! + heights[rank]!;
  const points: Point[] = [
    { x: start, y: topOf(from) + nodes[from]!.height },
    { x: start, y: bottom(ranks[from]!) },
  ];
  for (const point of passed) {
    const rank = ranks[point]!;
    points.push({ x: centers[point]!, y: tops[rank]! }, { x: centers[point]!, y: bottom(rank) });
  }
  points.push({ x, y: tops[ranks[to]!]! }, { x, y: topOf(to) });
  return straighten(points);
}

/** Without repeated points, and without those on a vertical line between their neighbours. */
export function straighten(points: readonly Point[]): readonly Point[] {
  if (points.length === 2 && points[0]!.y !== points[1]!.y) return points;
  const distinct = points.filter(({ x, y }, index) => {
    const before = points[index - 1];
    return before === undefined || before.x !== x || before.y !== y;
  });
  return distinct.filter(({ x }, index) => {
    const [before, after] = [distinct[index - 1], distinct[index + 1]];
    return before === undefined || after === undefined || before.x !== x || after.x !== x;
  });
}

function loop({ centers, nodes, topOf }: Frame, node: number): readonly Point[] {
  const { width, height } = nodes[node]!;
  const x = centers[node]!;
  const right = x - axisOf(nodes[node]!) + width;
  const [top, bottom, side] = [topOf(node), topOf(node) + height, right + LOOP];
  return [
    { x, y: bottom },
    { x, y: bottom + LOOP },
    { x: side, y: bottom + LOOP },
    { x: side, y: top - LOOP },
    { x, y: top - LOOP },
    { x, y: top },
  ];
}
