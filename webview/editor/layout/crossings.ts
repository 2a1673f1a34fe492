import type { NestedGraph } from './nested';

/** A node or a frame, by its index. */
export interface Child {
  readonly kind: 'node' | 'frame';
  readonly index: number;
}

/** A frame's port for the tensor of a node. */
interface Port {
  readonly frame: number;
  readonly source: number;
}

/** A line of one level, from and to its entries, children and exits, numbered in that order. */
export interface LevelLine {
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  /** Where an end is a frame: the port there. */
  readonly leaves: Port | undefined;
  readonly meets: Port | undefined;
}

/** What is laid out together: all that is directly in one frame, and its ports. */
export interface CrossedLevel {
  readonly children: Child[];
  /** Nodes outside whose tensors come in, and nodes inside whose tensors go out. */
  readonly entries: readonly number[];
  readonly exits: readonly number[];
  readonly lines: readonly LevelLine[];
}

/** A piece of an edge: a line of a frame's level. */
export interface Hop {
  readonly frame: number;
  readonly line: number;
}

export interface Crossings {
  /** By frame + 1: what is in no frame comes first. */
  readonly levels: readonly CrossedLevel[];
  /** By edge, from its source to its target. */
  readonly hops: readonly (readonly Hop[])[];
}

/** An end of a line, before all ports of its level are known. */
type End =
  { readonly child: number; readonly port?: Port } | { readonly entry: number } | { readonly exit: number };

interface Growing {
  readonly children: Child[];
  readonly entries: Map<number, number>;
  readonly exits: Map<number, number>;
  readonly lines: { readonly from: End; readonly to: End; readonly source: number }[];
  readonly known: Map<number, number>;
}

/** Splits every edge at the borders of the frames that it crosses. */
export function findCrossings({ nodes, frames, edges }: NestedGraph): Crossings {
  const levels = Array.from({ length: frames.length + 1 }, (): Growing => ({
    children: [],
    entries: new Map(),
    exits: new Map(),
    lines: [],
    known: new Map(),
  }));
  /** The place of each node and frame among the children of what is around it. */
  const nodePlace: number[] = [];
  const framePlace: number[] = new Array<number>(frames.length).fill(-1);
  const addFrame = (frame: number) => {
    if (frame < 0 || framePlace[frame]! >= 0) return;
    const { parent } = frames[frame]!;
    addFrame(parent);
    framePlace[frame] = levels[parent + 1]!.children.push({ kind: 'frame', index: frame }) - 1;
  };
  nodes.forEach(({ frame }, index) => {
    addFrame(frame);
    nodePlace.push(levels[frame + 1]!.children.push({ kind: 'node', index }) - 1);
  });
  const depths: number[] = [];
  frames.forEach(({ parent }, frame) => (depths[frame] = parent < 0 ? 1 : depths[parent]! + 1));
  const depth = (frame: number) => (frame < 0 ? 0 : depths[frame]!);

  const portOf = (ports: Map<number, number>, source: number) => {
    const known = ports.get(source);
    if (known !== undefined) return known;
    ports.set(source, ports.size);
    return ports.size - 1;
  };
  const most = nodes.length + frames.length;
  /** Lines of one tensor to one child are one line; `to` is beyond all children for its way out of the frame. */
  const addLine = (frame: number, from: End, to: End, source: number): Hop => {
    const { lines, known } = levels[frame + 1]!;
    const isEntering = 'entry' in from;
    const target = 'child' in to ? to.child : most;
    const key = (source * (most + 1) + target) * 2 + Number(isEntering);
    const line = known.get(key);
    if (line !== undefined) return { frame, line };
    known.set(key, lines.length);
    lines.push({ from, to, source });
    return { frame, line: lines.length - 1 };
  };
  const hops = edges.map(({ from, to }) => {
    const leaving: Hop[] = [];
    const entering: Hop[] = [];
    let [out, into] = [nodes[from]!.frame, nodes[to]!.frame];
    let source: End & { readonly child: number } = { child: nodePlace[from]! };
    let target: End & { readonly child: number } = { child: nodePlace[to]! };
    const leave = () => {
      const exit = portOf(levels[out + 1]!.exits, from);
      leaving.push(addLine(out, source, { exit }, from));
      source = { child: framePlace[out]!, port: { frame: out, source: from } };
      out = frames[out]!.parent;
    };
    const enter = () => {
      const entry = portOf(levels[into + 1]!.entries, from);
      entering.push(addLine(into, { entry }, target, from));
      target = { child: framePlace[into]!, port: { frame: into, source: from } };
      into = frames[into]!.parent;
    };
    while (depth(out) > depth(into)) leave();
    while (depth(into) > depth(out)) enter();
    while (out !== into) {
      leave();
      enter();
    }
    const across = addLine(out, source, target, from);
    return [...leaving, across, ...entering.reverse()];
  });
  return { levels: levels.map(finish), hops };
}

function finish({ children, entries, exits, lines }: Growing): CrossedLevel {
  const count = entries.size + children.length + exits.size;
  const indexOf = (end: End) =>
    'entry' in end
      ? end.entry
      : 'exit' in end
        ? entries.size + children.length + end.exit
        : entries.size + end.child;
  const portOf = (end: End) => ('child' in end ? end.port : undefined);
  /** A frame sends each tensor down a lane of its own; a card has one. */
  const lanes = new Map<string, number>();
  const laneOf = (upper: number, port: Port | undefined) => {
    if (port === undefined) return upper;
    const name = `${upper} ${port.source}`;
    const known = lanes.get(name) ?? count + lanes.size;
    lanes.set(name, known);
    return known;
  };
  return {
    children,
    entries: [...entries.keys()],
    exits: [...exits.keys()],
    lines: lines.map(({ from, to }): LevelLine => {
      const [a, b] = [indexOf(from), indexOf(to)];
      const lane = a <= b ? laneOf(a, portOf(from)) : b;
      return { from: a, to: b, lane, leaves: portOf(from), meets: portOf(to) };
    }),
  };
}
