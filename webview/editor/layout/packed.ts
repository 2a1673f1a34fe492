import type { Direction } from './direction';
import type { Bounds, Point } from './layoutGraph';
import type { NestedGraph, NestedLayout } from './nested';

/**
 * Graphs and layouts as they go to the worker and back: one array of numbers changes hands in no time, where ten
 * thousand small objects are copied one by one, on either side.
 */
export interface PackedGraph {
  /** Width, height and frame of each node, the parent of each frame, both ends of each edge. */
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly nodes: number;
  readonly frames: number;
  /** By node; empty where no node has one. */
  readonly groups: readonly string[];
  readonly direction: Direction;
}

export function packGraph({ nodes, frames, edges, direction }: NestedGraph): PackedGraph {
  const numbers = new Float64Array(nodes.length * 3 + frames.length + edges.length * 2);
  let at = 0;
  for (const { width, height, frame } of nodes) {
    numbers[at++] = width;
    numbers[at++] = height;
    numbers[at++] = frame;
  }
  for (const { parent } of frames) numbers[at++] = parent;
  for (const { from, to } of edges) {
    numbers[at++] = from;
    numbers[at++] = to;
  }
  const groups = nodes.some(({ group }) => group) ? nodes.map(({ group = '' }) => group) : [];
  return { numbers, nodes: nodes.length, frames: frames.length, groups, direction };
}

export function unpackGraph({ numbers, nodes, frames, groups, direction }: PackedGraph): NestedGraph {
  let at = 0;
  const next = () => numbers[at++]!;
  return {
    nodes: Array.from({ length: nodes }, (_, node) => ({
      width: next(),
      height: next(),
      frame: next(),
      group: groups[node] ?? '',
    })),
    frames: Array.from({ length: frames }, () => ({ parent: next() })),
    edges: Array.from({ length: (numbers.length - at) / 2 }, () => ({ from: next(), to: next() })),
    direction,
  };
}

/**
 * How many nodes, frames and routes there are; the corners of the nodes; x, y, width and height of each frame and of the
 * bounds; of each route how many pieces it has, and of each piece how many points and these.
 */
export type PackedLayout = Float64Array<ArrayBuffer>;

export function packLayout({ positions, frames, routes, bounds }: NestedLayout): PackedLayout {
  let length = 3 + positions.length * 2 + frames.length * 4 + 4;
  for (const pieces of routes) {
    length += 1;
    for (const piece of pieces) length += 1 + piece.length * 2;
  }
  const numbers = new Float64Array(length);
  let at = 0;
  const put = (number: number) => (numbers[at++] = number);
  const putPoint = ({ x, y }: Point) => {
    put(x);
    put(y);
  };
  for (const list of [positions, frames, routes]) put(list.length);
  positions.forEach(putPoint);
  for (const area of [...frames, bounds]) {
    putPoint(area);
    put(area.width);
    put(area.height);
  }
  for (const pieces of routes) {
    put(pieces.length);
    for (const piece of pieces) {
      put(piece.length);
      piece.forEach(putPoint);
    }
  }
  return numbers;
}

export function unpackLayout(numbers: PackedLayout): NestedLayout {
  let at = 0;
  const next = () => numbers[at++]!;
  const list = <T>(length: number, each: () => T) => Array.from({ length }, each);
  const point = (): Point => ({ x: next(), y: next() });
  const area = (): Bounds => ({ x: next(), y: next(), width: next(), height: next() });
  const [nodes, frames, routes] = [next(), next(), next()];
  return {
    positions: list(nodes, point),
    frames: list(frames, area),
    bounds: area(),
    routes: list(routes, () => list(next(), () => list(next(), point))),
  };
}
