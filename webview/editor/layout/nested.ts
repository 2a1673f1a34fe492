import { axisOf, boundsOf } from './layoutGraph';
import type { Bounds, LayoutNode, LayoutOptions, Point } from './layoutGraph';
import { layoutLevel } from './level';
import type { Level } from './level';
import { straighten } from './route';
import type { Line } from './route';
import { findCrossings } from './crossings';
import type { Crossings, Hop } from './crossings';
import { transposed } from './direction';
import type { Direction } from './direction';

/** What is to be drawn: cards, some of them in frames, frames in frames. All references are indices, -1 is outside. */
export interface NestedGraph {
  /** In an order in which most sources come before their readers, and those of one frame follow each other. */
  readonly nodes: readonly NestedNode[];
  readonly frames: readonly { readonly parent: number }[];
  readonly edges: readonly { readonly from: number; readonly to: number }[];
  readonly direction: Direction;
}

export interface NestedNode {
  readonly width: number;
  readonly height: number;
  readonly frame: number;
  /** What keeps nodes together that nothing joins. */
  readonly group?: string;
}

export interface NestedLayout {
  /** Top left corners of the nodes; the first one's is the origin. */
  readonly positions: readonly Point[];
  readonly frames: readonly Bounds[];
  /** Each edge in pieces, one after the other: it is not drawn behind the titles of the frames it goes into. */
  readonly routes: readonly (readonly (readonly Point[])[])[];
  readonly bounds: Bounds;
}

/** Pixels that a frame's title takes, and that are left free inside its other borders. */
export const FRAME = { title: 34, side: 16, end: 14 } as const;

/** Cards are wider than high, so from left to right they stand closer beside, and farther behind each other. */
const OPTIONS: Readonly<Record<Direction, LayoutOptions>> = {
  down: { nodeGap: 40, laneGap: 28, rankGap: 52, portGap: 18 },
  right: { nodeGap: 28, laneGap: 24, rankGap: 64, portGap: 20 },
};

/** A frame laid out by itself, from (0, 0) on. */
interface Inside {
  readonly level: Level;
  readonly size: { readonly width: number; readonly height: number; readonly axis: number };
  /** What is added to the level's coordinates. */
  readonly shift: Point;
  /** From the axis, where the tensor of a node comes in or goes out. */
  readonly entries: ReadonlyMap<number, number>;
  readonly exits: ReadonlyMap<number, number>;
}

/**
 * A layout frame by frame, from the innermost out: each is one box in the frame around it, so nothing that is not in it
 * is ever drawn on it, and opening one moves only what is around. A tensor that crosses a border has one port there.
 */
export function layoutNested(graph: NestedGraph): NestedLayout {
  const sizes = graph.direction === 'down' ? graph.nodes : graph.nodes.map(transposed.size);
  const crossings = findCrossings(graph);
  const insides: Inside[] = [];
  const levels = rememberLevels();
  // A frame comes after the one around it.
  for (let frame = graph.frames.length - 1; frame >= 0; frame--) {
    insides[frame] = layoutInside(frame, sizes, crossings, insides, graph.direction, levels);
  }
  const root = layoutInside(-1, sizes, crossings, insides, graph.direction, levels);

  const positions: Point[] = new Array<Point>(graph.nodes.length);
  const frames: Bounds[] = new Array<Bounds>(graph.frames.length);
  const corners: Point[] = [];
  const place = (frame: number, inside: Inside, corner: Point) => {
    const { children, entries } = crossings.levels[frame + 1]!;
    children.forEach((child, index) => {
      const at = inside.level.positions[entries.length + index]!;
      const x = at.x + inside.shift.x + corner.x;
      const y = at.y + inside.shift.y + corner.y;
      if (child.kind === 'node') positions[child.index] = { x, y };
      else {
        const { width, height } = insides[child.index]!.size;
        frames[child.index] = { x, y, width, height };
        corners[child.index] = { x, y };
      }
    });
  };
  place(-1, root, { x: 0, y: 0 });
  for (let frame = 0; frame < graph.frames.length; frame++) {
    place(frame, insides[frame]!, corners[frame]!);
  }
  const first = positions[0] ?? { x: 0, y: 0 };
  const absolute = ({ frame, line }: Hop) => {
    const { level, shift } = frame < 0 ? root : insides[frame]!;
    const corner = frame < 0 ? { x: 0, y: 0 } : corners[frame]!;
    return level.routes[line]!.map(({ x, y }) => ({
      x: Math.round(x + shift.x + corner.x - first.x),
      y: Math.round(y + shift.y + corner.y - first.y),
    }));
  };
  const moved = <T extends Point>(point: T): T => ({
    ...point,
    x: Math.round(point.x - first.x),
    y: Math.round(point.y - first.y),
  });
  const layout = {
    positions: positions.map(moved),
    frames: frames.map(moved),
    routes: crossings.hops.map((hops) => joinPieces(hops.map(absolute))),
  };
  const upright = graph.direction === 'down' ? layout : transposed.layout(layout);
  const boxes = [...graph.nodes, ...upright.frames];
  const places = [...upright.positions, ...upright.frames];
  return { ...upright, bounds: boundsOf(boxes, places, upright.routes.flat()) };
}

/** Deep models repeat their blocks: a level like one laid out before is not laid out again. */
function rememberLevels(): typeof layoutLevel {
  const known = new Map<string, Level>();
  return (nodes, lines, options, sides) => {
    if (nodes.length > REPEATED_AT_MOST) return layoutLevel(nodes, lines, options, sides);
    const key = JSON.stringify([
      nodes.map(({ width, height, axis, group }) => [width, height, axis ?? null, group ?? '']),
      lines.map(({ from, to, lane, leaves, meets }) => [from, to, lane, leaves, meets]),
      sides,
    ]);
    const level = known.get(key) ?? layoutLevel(nodes, lines, options, sides);
    known.set(key, level);
    return level;
  };
}

/** Nothing larger is a block that repeats. */
const REPEATED_AT_MOST = 500;

/** Pieces whose ends touch become one. */
function joinPieces(pieces: readonly (readonly Point[])[]): readonly (readonly Point[])[] {
  const joined: (readonly Point[])[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const [end, start] = [last?.at(-1), piece[0]];
    if (last && end && start && Math.abs(end.x - start.x) <= 1 && Math.abs(end.y - start.y) <= 1) {
      joined[joined.length - 1] = [...last, ...piece.slice(1)];
    } else joined.push(piece);
  }
  return joined.map(straighten);
}

function layoutInside(
  frame: number,
  sizes: readonly NestedNode[],
  { levels }: Crossings,
  insides: readonly Inside[],
  direction: Direction,
  levelOf: typeof layoutLevel,
): Inside {
  const { children, entries, exits, lines } = levels[frame + 1]!;
  const port: LayoutNode = { id: '', width: 0, height: 0 };
  const nodes: LayoutNode[] = [
    ...entries.map(() => port),
    ...children.map(({ kind, index }): LayoutNode => {
      if (kind === 'frame') return { id: '', ...insides[index]!.size };
      const { width, height, group } = sizes[index]!;
      return { id: '', width, height, ...(group !== undefined && { group }) };
    }),
    ...exits.map(() => port),
  ];
  const drawn = lines.map(({ from, to, lane, leaves, meets }): Line => ({
    from,
    to,
    lane,
    leaves: leaves === undefined ? 0 : (insides[leaves.frame]!.exits.get(leaves.source) ?? 0),
    meets: meets === undefined ? 0 : (insides[meets.frame]!.entries.get(meets.source) ?? 0),
  }));
  const sides = nodes.map((_, index) =>
    index < entries.length ? 'top' : index >= entries.length + children.length ? 'bottom' : undefined,
  );
  const level = levelOf(nodes, drawn, OPTIONS[direction], sides);
  if (frame < 0)
    return {
      level,
      size: { width: 0, height: 0, axis: 0 },
      shift: { x: 0, y: 0 },
      entries: new Map(),
      exits: new Map(),
    };

  const bounds = boundsOf(nodes, level.positions, level.routes);
  const pad =
    direction === 'down'
      ? { left: FRAME.side, right: FRAME.side, top: FRAME.title, bottom: 0 }
      : { left: FRAME.title, right: FRAME.end, top: 0, bottom: 0 };
  const end = FRAME.end;
  const top = entries.length > 0 ? 0 : end;
  const bottom = exits.length > 0 ? 0 : end;
  const shift = { x: pad.left - bounds.x, y: pad.top + top - bounds.y };
  const width = pad.left + bounds.width + pad.right;
  const height = pad.top + top + bounds.height + bottom + pad.bottom;
  const xOf = (index: number) => level.positions[index]!.x + shift.x;
  const firstPort = entries.length > 0 ? 0 : exits.length > 0 ? nodes.length - exits.length : -1;
  const firstChild = nodes[entries.length];
  const axis =
    firstPort >= 0
      ? xOf(firstPort)
      : firstChild === undefined
        ? width / 2
        : xOf(entries.length) + axisOf(firstChild);
  return {
    level,
    size: { width, height, axis },
    shift,
    entries: new Map(entries.map((source, index) => [source, xOf(index) - axis])),
    exits: new Map(
      exits.map((source, index) => [source, xOf(entries.length + children.length + index) - axis]),
    ),
  };
}
