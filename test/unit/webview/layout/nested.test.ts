import { describe, expect, test, vi } from 'vitest';
import type { Bounds, Point } from '../../../../webview/editor/layout/layoutGraph';
import * as level from '../../../../webview/editor/layout/level';
import { FRAME, layoutNested } from '../../../../webview/editor/layout/nested';
import type { NestedGraph, NestedLayout } from '../../../../webview/editor/layout/nested';

const CARD = { width: 224, height: 76 };

/** Nodes by their frame (-1 for none), frames by the one around them, edges as pairs. */
function graphOf(
  nodes: readonly number[],
  parents: readonly number[],
  edges: readonly (readonly [number, number])[],
  direction: NestedGraph['direction'] = 'down',
): NestedGraph {
  return {
    nodes: nodes.map((frame) => ({ ...CARD, frame })),
    frames: parents.map((parent) => ({ parent })),
    edges: edges.map(([from, to]) => ({ from, to })),
    direction,
  };
}

const residualInFrames = (direction?: NestedGraph['direction']) =>
  graphOf(
    [-1, 0, 1, 1, 1, 0, 2, 2, -1],
    [-1, 0, -1],
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [1, 4],
      [4, 5],
      [5, 6],
      [1, 7],
      [6, 7],
      [7, 8],
      [0, 8],
    ],
    direction,
  );

const boxOf = ({ x, y }: Point): Bounds => ({ x, y, ...CARD });
const overlap = (a: Bounds, b: Bounds) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inside = (a: Bounds, b: Bounds) =>
  a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;

function framesAround({ frames }: NestedGraph, frame: number): number[] {
  return frame < 0 ? [] : [frame, ...framesAround({ frames } as NestedGraph, frames[frame]?.parent ?? -1)];
}

function strip({ x, y, width }: Bounds): Bounds {
  return { x, y, width, height: FRAME.title };
}

function titlesCrossed({ frames, routes }: NestedLayout): string[] {
  return routes.flatMap((pieces, edge) =>
    pieces.flatMap((piece) =>
      piece.slice(1).flatMap((b, step) => {
        const a = piece[step] ?? b;
        const box = {
          x: Math.min(a.x, b.x),
          y: Math.min(a.y, b.y),
          width: Math.abs(a.x - b.x) + 0.1,
          height: Math.abs(a.y - b.y),
        };
        const title = (frame: Bounds) => ({ ...strip(frame), y: frame.y + 1, height: FRAME.title - 2 });
        return frames.flatMap((frame, index) =>
          overlap(box, title(frame)) ? [`edge ${edge} on the title of frame ${index}`] : [],
        );
      }),
    ),
  );
}

describe.each(['down', 'right'] as const)('frames, drawn %s', (direction) => {
  const graph = residualInFrames(direction);
  const layout = layoutNested(graph);

  test('hold what is in them and nothing else', () => {
    graph.nodes.forEach(({ frame }, node) => {
      const around = framesAround(graph, frame);
      layout.frames.forEach((bounds, index) => {
        const card = boxOf(layout.positions[node] ?? { x: 0, y: 0 });
        if (around.includes(index)) {
          expect(inside(card, bounds)).toBe(true);
          expect(overlap(card, strip(bounds))).toBe(false);
        } else expect(overlap(card, bounds)).toBe(false);
      });
    });
    const [outer, inner, other] = layout.frames;
    if (!outer || !inner || !other) throw new Error('a frame is missing');
    expect(inside(inner, outer)).toBe(true);
    expect(overlap(inner, strip(outer))).toBe(false);
    expect(overlap(outer, other)).toBe(false);
  });

  test('have no line on their titles', () => {
    expect(titlesCrossed(layout)).toEqual([]);
  });

  test('are joined by lines from card to card', () => {
    graph.edges.forEach(({ from, to }, edge) => {
      const [a, b] = [layout.positions[from], layout.positions[to]];
      const pieces = layout.routes[edge];
      const [start, end] = [pieces?.[0]?.[0], pieces?.at(-1)?.at(-1)];
      if (!a || !b || !start || !end) throw new Error('an end is missing');
      const [leaves, meets] =
        direction === 'down'
          ? [
              { x: a.x + CARD.width / 2, y: a.y + CARD.height },
              { x: b.x + CARD.width / 2, y: b.y },
            ]
          : [
              { x: a.x + CARD.width, y: a.y + CARD.height / 2 },
              { x: b.x, y: b.y + CARD.height / 2 },
            ];
      for (const [found, wanted] of [
        [start, leaves],
        [end, meets],
      ] as const) {
        expect(Math.abs(found.x - wanted.x)).toBeLessThanOrEqual(1);
        expect(Math.abs(found.y - wanted.y)).toBeLessThanOrEqual(1);
      }
    });
  });

  test('are laid out once where they repeat', () => {
    const layouts = vi.spyOn(level, 'layoutLevel');
    const blocks = 40;
    const nodes = Array.from({ length: blocks * 3 }, (_, node) => Math.floor(node / 3));
    const chained = nodes.slice(1).map((_, node) => [node, node + 1] as const);
    const skips = Array.from({ length: blocks }, (_, block) => [block * 3, block * 3 + 2] as const);
    const parents = Array.from({ length: blocks }, () => -1);
    const layout = layoutNested(graphOf(nodes, parents, [...chained, ...skips], direction));
    // The first block, one in the middle, the last, and what is around them.
    expect(layouts).toHaveBeenCalledTimes(4);
    layouts.mockRestore();
    const insideOf = (block: number) => {
      const [node, frame] = [layout.positions[block * 3 + 1]!, layout.frames[block]!];
      return [node.x - frame.x, node.y - frame.y];
    };
    expect(insideOf(30)).toEqual(insideOf(10));
  });

  test('come out the same again, within their bounds', () => {
    expect(layoutNested(graph)).toEqual(layout);
    const { bounds } = layout;
    for (const frame of layout.frames) expect(inside(frame, bounds)).toBe(true);
    for (const position of layout.positions) expect(inside(boxOf(position), bounds)).toBe(true);
  });
});

test('a chain of frames and cards is one straight column', () => {
  const { positions, routes } = layoutNested(
    graphOf(
      [-1, 0, 0, -1, 1],
      [-1, -1],
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    ),
  );
  expect(new Set(positions.map(({ x }) => x))).toEqual(new Set([0]));
  for (const pieces of routes) for (const piece of pieces) expect(piece).toHaveLength(2);
});

test('from left to right ranks are columns', () => {
  const { positions } = layoutNested(
    graphOf(
      [-1, -1, -1],
      [],
      [
        [0, 1],
        [1, 2],
      ],
      'right',
    ),
  );
  expect(new Set(positions.map(({ y }) => y))).toEqual(new Set([0]));
  expect(positions[1]?.x).toBeGreaterThan(CARD.width);
});

test('nothing gives nothing', () => {
  expect(layoutNested(graphOf([], [], []))).toEqual({
    positions: [],
    frames: [],
    routes: [],
    bounds: { x: 0, y: 0, width: 0, height: 0 },
  });
});
