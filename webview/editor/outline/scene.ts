import type { ModelIndex } from '../model/modelIndex';
import type { Box, Item, Outline } from './outline';

/** The boxes that are open; `flat` for a model that is drawn layer by layer, without frames. */
export type Openness = ReadonlySet<string> | 'flat';

/** What is drawn of a model while some boxes are open: cards in frames, and the lines between the cards. */
export interface Scene {
  readonly outline: Outline;
  /** Layers, and boxes that are closed; those of one frame follow each other. */
  readonly nodes: readonly SceneNode[];
  /** Boxes that are open; each after the one around it. */
  readonly frames: readonly SceneFrame[];
  /** Without repeats; of lines within a closed box nothing is left. */
  readonly edges: readonly SceneEdge[];
  /** The index of the node in which a layer is seen: its own, or the closed box around it. */
  readonly shownBy: ReadonlyMap<string, number>;
  readonly nodeOf: ReadonlyMap<string, number>;
  readonly frameOf: ReadonlyMap<string, number>;
}

export interface SceneNode {
  /** Of the layer or the box. */
  readonly id: string;
  readonly box: Box | undefined;
  /** The index of the frame around it, -1 for none. */
  readonly frame: number;
}

export interface SceneFrame {
  readonly box: Box;
  readonly parent: number;
}

export interface SceneEdge {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** A model of up to so many layers is drawn flat to begin with: it is seen whole. */
const FLAT_UP_TO = 60;
/** A lone box that holds most of a model is opened to begin with, while there are no more things to see than this. */
const FEW = 6;
/** A box that holds more things than this stays closed to begin with: nobody looks through so many blocks. */
const MANY = 400;

export function firstOpenness(outline: Outline, layers: number): Openness {
  if (layers <= FLAT_UP_TO || outline.boxes.size === 0) return 'flat';
  const open = new Set<string>();
  for (let { items } = outline; items.length < FEW;) {
    const boxes = items.filter((item): item is Box => typeof item !== 'string');
    const [only] = boxes;
    if (!only || boxes.length > 1 || only.items.length > MANY) break;
    open.add(only.id);
    items = only.items;
  }
  return open;
}

export function sceneOf(outline: Outline, openness: Openness, { edges, model }: ModelIndex): Scene {
  const nodes: SceneNode[] = [];
  const frames: SceneFrame[] = [];
  const shownBy = new Map<string, number>();
  const add = (items: readonly Item[], frame: number) => {
    for (const item of items) {
      if (typeof item === 'string') {
        shownBy.set(item, nodes.length);
        nodes.push({ id: item, box: undefined, frame });
      } else if (openness !== 'flat' && openness.has(item.id)) {
        frames.push({ box: item, parent: frame });
        add(item.items, frames.length - 1);
      } else {
        for (const id of item.layers) shownBy.set(id, nodes.length);
        nodes.push({ id: item.id, box: item, frame });
      }
    }
  };
  if (openness === 'flat')
    add(
      model.layers.map(({ id }) => id),
      -1,
    );
  else add(outline.items, -1);

  const known = new Set<number>();
  const drawn: SceneEdge[] = [];
  for (const { source, target } of edges) {
    const [from, to] = [shownBy.get(source)!, shownBy.get(target)!];
    const pair = from * nodes.length + to;
    if (known.has(pair) || (from === to && nodes[from]!.box)) continue;
    known.add(pair);
    drawn.push({ id: `${nodes[from]!.id}→${nodes[to]!.id}`, from, to });
  }
  return {
    outline,
    nodes,
    frames,
    edges: drawn,
    shownBy,
    nodeOf: new Map(nodes.map(({ id }, index) => [id, index])),
    frameOf: new Map(frames.map(({ box }, index) => [box.id, index])),
  };
}
