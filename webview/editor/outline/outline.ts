import type { LayerView, ModelView } from '../../../src/protocol/editor';
import { blocksOf } from './blocks';
import { groupsOf } from './groups';
import { stagesOf } from './stages';
import { wire } from './wiring';
import type { Members, Wiring } from './wiring';

/**
 * What can collapse: a tree of boxes over a model's layers. Each box is a run of neighbours in one topological order
 * of its container, so nothing leaves a box and comes back to it, and whichever boxes are collapsed, the graph gains
 * no cycle. Equal models give equal trees.
 */
export interface Outline {
  readonly items: readonly Item[];
  readonly boxes: ReadonlyMap<string, Box>;
  /** The boxes around a layer, the outermost first; nothing where none is. */
  readonly around: ReadonlyMap<string, readonly Box[]>;
}

/** A layer by its id, or a box. */
export type Item = string | Box;

/** `group`: of the model's own names. `stage`: of one resolution. `block`: layers that belong together. `repeat`: equal blocks in a row. */
export type BoxRole = 'group' | 'stage' | 'block' | 'repeat';

export interface Box {
  /** Stays the same through edits that leave the box's beginning alone. */
  readonly id: string;
  readonly role: BoxRole;
  readonly title: string;
  /** `28×28 · 4 blocks`; empty where there is nothing to add. */
  readonly note: string;
  /** Of a repeat: how many equal blocks it holds; else 1. */
  readonly count: number;
  readonly items: readonly Item[];
  /** Ids of all layers in it, at any depth, in the order in which they are drawn. */
  readonly layers: readonly string[];
}

/** A stretch of layers shorter than this is not cut into stages: there is nothing to gain. */
const WORTH_STAGES = 12;

const outlines = new WeakMap<ModelView, Outline>();

/** Made once a model. */
export function outlineOf(model: ModelView): Outline {
  const known = outlines.get(model);
  if (known) return known;
  // Weights alone are joined by nothing, and stand in a grid by their groups.
  const items = model.weightsOnly ? model.layers.map(({ id }) => id) : outlineMembers(wire(model.layers));
  const boxes = new Map<string, Box>();
  const visit = (inside: readonly Item[]) => {
    for (const item of inside) {
      if (typeof item === 'string') continue;
      boxes.set(item.id, item);
      visit(item.items);
    }
  };
  visit(items);
  let around: Outline['around'] | undefined;
  const outline: Outline = {
    items,
    boxes,
    // The first look at a model asks for none.
    get around() {
      return (around ??= boxesAround(items));
    },
  };
  outlines.set(model, outline);
  return outline;
}

function boxesAround(items: readonly Item[]): Outline['around'] {
  const around = new Map<string, readonly Box[]>();
  const visit = (inside: readonly Item[], path: readonly Box[]) => {
    for (const item of inside) {
      if (typeof item !== 'string') visit(item.items, [...path, item]);
      else if (path.length > 0) around.set(item, path);
    }
  };
  visit(items, []);
  return around;
}

/** A model keeps the outline of the one before it where an edit left what the outline is made of alone. */
export function carryOutline(before: ModelView, after: ModelView): void {
  const known = outlines.get(before);
  if (known && sameOutline(before.layers, after.layers)) outlines.set(after, known);
}

function outlineMembers(wiring: Wiring): readonly Item[] {
  const inStages = (members: Members): readonly Item[] =>
    members.length < WORTH_STAGES ? blocksOf(wiring, members) : stagesOf(wiring, members, blocksOf);
  return groupsOf(wiring, wiring.order, inStages);
}

/** Whether two models have the same outline: freezing, faults and weights are no part of it. */
function sameOutline(before: readonly LayerView[], after: readonly LayerView[]): boolean {
  return (
    before.length === after.length &&
    before.every((old, place) => old === after[place] || sameInOutline(old, after[place]!))
  );
}

function sameInOutline(a: LayerView, b: LayerView): boolean {
  return (
    a.id === b.id &&
    a.name === b.name &&
    a.kind === b.kind &&
    a.stage === b.stage &&
    a.family === b.family &&
    sameList(a.group, b.group) &&
    sameList(a.inputs, b.inputs) &&
    sameList(a.outputShape ?? [], b.outputShape ?? [])
  );
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((value, place) => value === b[place]));
}
