import { indexModel } from '../model/modelIndex';
import type { Drawn } from '../state/editorState';
import { measureOf } from './measures';
import type { Measure, OverlayId, Spreads } from './measures';

/** What a card shows: the same object while it would show the same. */
export interface Mark {
  readonly text: string;
  /** From 0 to `STEPS`, below zero for a negative value: how long the bar is, and how deep the colour. */
  readonly level: number;
  /** Whether the bar begins in the middle, at zero. */
  readonly signed: boolean;
  /** Its value in words. */
  readonly label: string;
}

/** Steps of colour: finer ones are not told apart, and small changes then draw nothing anew. */
export const STEPS = 16;

/** The least and the most on a scale, in the measure's own unit. */
export interface Scale {
  readonly least: number;
  readonly most: number;
}

export interface Marks {
  readonly measure: Measure;
  /** Undefined where nothing on the canvas has a value. */
  readonly scale: Scale | undefined;
  /** By the id of a card: a layer or a closed box. */
  readonly of: ReadonlyMap<string, Mark>;
}

/** Values further below the largest are all drawn as the least: a logarithm has no end. */
const MOST_ORDERS = 6;

/** The marks of all cards that are on the canvas, on one scale. */
export function marksOf({ model, scene }: Drawn, overlay: OverlayId, spreads: Spreads): Marks {
  const measure = measureOf(overlay);
  const { byId } = indexModel(model);
  const values = new Map<string, number>();
  for (const { id, box } of scene.nodes) {
    const layers = (box?.layers ?? [id]).flatMap((member) => byId.get(member) ?? []);
    const value = measure.of(layers, spreads);
    if (value !== undefined && Number.isFinite(value)) values.set(id, value);
  }
  const scale = scaleOf(measure, values.values());
  const of = new Map<string, Mark>();
  if (scale) for (const [id, value] of values) of.set(id, markOf(measure, scale, value));
  return { measure, scale, of };
}

function scaleOf(measure: Measure, values: Iterable<number>): Scale | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (measure.scale === 'orders' && value <= 0) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (most === -Infinity) return undefined;
  switch (measure.scale) {
    case 'share':
      return { least: 0, most: 1 };
    case 'signed': {
      const far = Math.max(Math.abs(least), Math.abs(most));
      return { least: -far, most: far };
    }
    case 'orders':
      return { least: Math.max(least, most / 10 ** MOST_ORDERS), most };
  }
}

/** Where a value is on its scale: from 0 to 1, or from -1 on a signed one. */
export function placeOf(measure: Measure, { least, most }: Scale, value: number): number {
  switch (measure.scale) {
    case 'share':
      return value;
    case 'signed':
      return most === 0 ? 0 : value / most;
    case 'orders':
      // None at all is the least, even where all the others are equal.
      if (value <= least) return value === most ? 1 : 0;
      return least === most ? 1 : Math.log(value / least) / Math.log(most / least);
  }
}

/** The value at a place on the scale, from 0 to 1: what the legend says below its middle. */
export function valueAt(measure: Measure, { least, most }: Scale, place: number): number {
  return measure.scale === 'orders' && least > 0
    ? least * (most / least) ** place
    : least + (most - least) * place;
}

const made = new Map<string, Mark>();
/** Marks are few as long as values repeat; a model of many sizes begins anew at so many. */
const KEPT = 20_000;

function markOf(measure: Measure, scale: Scale, value: number): Mark {
  const level = Math.round(placeOf(measure, scale, value) * STEPS);
  const text = measure.show(value);
  const key = `${measure.id} ${text} ${level}`;
  const known = made.get(key);
  if (known) return known;
  if (made.size >= KEPT) made.clear();
  const mark = { text, level, signed: measure.scale === 'signed', label: `${measure.label} ${text}` };
  made.set(key, mark);
  return mark;
}
