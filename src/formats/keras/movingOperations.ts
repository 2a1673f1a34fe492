import { t } from '../../l10n/translate';
import type { JsonRecord } from './json';
import type { Operand, OperationLayer } from './operations';

type Tensor = Extract<Operand, { readonly tensor: unknown }>;

/** Along one axis, written out: a repetition asks for as many as it likes. No layer is as wide. */
const MAX_PLACES = 1_000_000;

const opaque = (reason: string): OperationLayer => ({ opaque: reason });
const WHOLE = { start: null, stop: null, step: null };
const BACKWARDS = { start: null, stop: null, step: -1 };

/**
 * The layer for an operation that brings numbers of one tensor into other places: where Keras has a word of its own for
 * it, a layer graph takes places along an axis, or an order of axes.
 * @returns nothing for another operation
 */
export function movingLayer(name: string, config: JsonRecord, { shape }: Tensor): OperationLayer | undefined {
  switch (name) {
    case 'Transpose':
      return permute(Array.isArray(config.axes) ? config.axes : shape?.map((_, at) => shape.length - 1 - at));
    case 'Swapaxes':
      return permute(
        shape && swapped(shape.length, axesOf(config.axis1, shape), axesOf(config.axis2, shape)),
      );
    case 'Moveaxis':
      return permute(
        shape && moved(shape.length, axesOf(config.source, shape), axesOf(config.destination, shape)),
      );
    case 'Flip':
      return flip(config, shape);
    case 'Repeat':
      return alongAxis(config, shape, (size) => repeated(config.repeats, size));
    case 'Roll':
      return alongAxis(config, shape, (size) => rolled(config.shift, size));
    default:
      return undefined;
  }
}

/** Permute where each sample stays its own. */
function permute(axes: readonly unknown[] | undefined): OperationLayer {
  if (!axes) return opaque(t('its axes are not known'));
  return axes[0] === 0
    ? { kind: 'Permute', config: { dims: axes.slice(1) } }
    : { kind: 'Transpose', config: { axes } };
}

/** Axes counted from the front; nothing where one is none of the tensor's. */
function axesOf(axes: unknown, { length }: readonly unknown[]): readonly number[] | undefined {
  const listed: readonly unknown[] = Array.isArray(axes) ? axes : [axes];
  const resolved = listed.map((axis) => (typeof axis === 'number' && axis < 0 ? axis + length : axis));
  const isAxis = (axis: unknown): axis is number =>
    Number.isInteger(axis) && Number(axis) >= 0 && Number(axis) < length;
  return resolved.every(isAxis) && new Set(resolved).size === resolved.length ? resolved : undefined;
}

function swapped(rank: number, one?: readonly number[], other?: readonly number[]) {
  if (one?.length !== 1 || other?.length !== 1) return undefined;
  const [a, b] = [one[0]!, other[0]!];
  return Array.from({ length: rank }, (_, axis) => (axis === a ? b : axis === b ? a : axis));
}

/** `moveaxis` of NumPy. */
function moved(rank: number, from?: readonly number[], to?: readonly number[]) {
  if (!from || from.length !== to?.length) return undefined;
  const order = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !from.includes(axis));
  const pairs = from.map((source, at) => [source, to[at]!] as const).sort(([, a], [, b]) => a - b);
  for (const [source, place] of pairs) order.splice(place, 0, source);
  return order;
}

/** Every axis where it names none. */
function flip({ axis }: JsonRecord, shape: Tensor['shape']): OperationLayer {
  const axes = shape && (axis === null || axis === undefined ? [...shape.keys()] : axesOf(axis, shape));
  if (!axes) return opaque(t('its axes are not known'));
  const key = Array.from({ length: Math.max(0, ...axes) + 1 }, (_, at) =>
    axes.includes(at) ? BACKWARDS : WHOLE,
  );
  return { kind: 'GetItem', config: { key } };
}

/** Without an axis Keras makes a row of all numbers first. */
function alongAxis(
  { axis }: JsonRecord,
  shape: Tensor['shape'],
  places: (size: number) => readonly number[] | undefined,
): OperationLayer {
  const [at] = (typeof axis === 'number' && shape && axesOf(axis, shape)) || [];
  const size = at === undefined ? undefined : shape?.[at];
  const indices = typeof size === 'number' && size <= MAX_PLACES ? places(size) : undefined;
  return at === undefined || !indices
    ? opaque(t('it goes along no axis of a known size'))
    : { kind: 'Take', config: { indices, axis: at } };
}

function repeated(repeats: unknown, size: number): readonly number[] | undefined {
  const listed: readonly unknown[] = Array.isArray(repeats) ? repeats : [repeats];
  const isTimes = (one: unknown): one is number => Number.isInteger(one) && Number(one) >= 0;
  if (!listed.every(isTimes) || (listed.length !== 1 && listed.length !== size)) return undefined;
  const times = Array.from({ length: size }, (_, at) => listed[listed.length === 1 ? 0 : at]!);
  if (times.reduce((sum, one) => sum + one, 0) > MAX_PLACES) return undefined;
  return times.flatMap((one, at) => new Array<number>(one).fill(at));
}

function rolled(shift: unknown, size: number): readonly number[] | undefined {
  if (typeof shift !== 'number' || !Number.isSafeInteger(shift)) return undefined;
  return Array.from({ length: size }, (_, at) => (((at - shift) % size) + size) % size);
}
