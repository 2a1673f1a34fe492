import type { Numbers } from '../../../core/layers/preprocessing';
import { t } from '../../../l10n/translate';
import type { NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import { channelsLast, placeOfAxis, type Value } from '../value';
import { pad } from './convolution';
import { reduceAny } from './tensor';
import { readWindow, type Window } from './window';

/** Each place along an axis is a layer. */
const MAX_DILATED_WINDOW = 16;

export function maxPool(call: NodeCall): Value {
  if (call.node.outputs.length > 1)
    throw new Unsupported(t('it gives out the places of the largest numbers too'));
  return pool(call, 'Max');
}

export const averagePool = (call: NodeCall): Value => pool(call, 'Average');

/** Padding takes part in no maximum, and in an average only if `count_include_pad` says so. */
function pool(call: NodeCall, what: 'Max' | 'Average'): Value {
  const size = call.numbers('kernel_shape') ?? [];
  const rank = size.length;
  if (rank < 1 || rank > 3)
    throw new Unsupported(t('it slides over {0} axes, only 1 to 3 are supported', rank));
  const input = call.graph.ordered(call.value(), channelsLast(rank + 2));
  const plain = readWindow(call, size, input.shape?.slice(1, -1));
  const window = withCeiling(call, plain, input);
  const includesPadding = what === 'Average' && call.number('count_include_pad', 0) !== 0;
  const kind = `${what}Pooling${rank}D`;
  const config = { pool_size: size, strides: window.strides, padding: window.padding ?? 'valid' };
  const keep = (value: Value): Value => ({ ...value, ...(input.nonNegative && { nonNegative: true }) });

  if (window.dilations.some((one) => one > 1)) return keep(dilated(call, input, window, what));
  if (window.padding === 'valid' || (window.padding === 'same' && !includesPadding)) {
    return keep(call.graph.add({ kind, config, inputs: [input] }));
  }
  if (what === 'Average')
    return keep(averageOf(call, input, window, includesPadding ? plain.pads : undefined));
  if (input.nonNegative === true) {
    const padded = pad(call, input, { ...window, padding: undefined });
    return keep(call.graph.add({ kind, config: { ...config, padding: 'valid' }, inputs: [padded] }));
  }
  return keep(poolThenSubsample(call, input, window, kind));
}

/**
 * An average over windows that reach beyond the image: of zeros around it, times what share of its window each counted.
 * @param counted the padding that counts; none where only the image does
 */
function averageOf(call: NodeCall, input: Value, window: Window, counted: Window['pads']): Value {
  const { size, strides, pads } = window;
  if (!pads) throw new Unsupported(t('it pads, and the size of the image is not known'));
  const rank = size.length;
  const padded = pad(call, input, { ...window, padding: undefined });
  const mean = call.graph.add({
    kind: `AveragePooling${rank}D`,
    config: { pool_size: size, strides, padding: 'valid' },
    inputs: [padded],
  });
  const space = input.shape?.slice(1, -1) ?? [];
  const shares = size.map((one, axis) => {
    const length = space[axis] ?? null;
    const [before, after] = pads[axis] ?? [0, 0];
    const [first, last] = counted?.[axis] ?? [0, 0];
    if (first === before && last === after) return [1];
    if (length === null)
      throw new Unsupported(t('it leaves padding out, and the size of the image is not known'));
    const places = Math.floor((length + before + after - one) / (strides[axis] ?? 1)) + 1;
    return Array.from({ length: places }, (_, place) => {
      const begin = place * (strides[axis] ?? 1) - before;
      return one / (Math.min(length + last, begin + one) - Math.max(-first, begin));
    });
  });
  if (shares.every((list) => list.every((one) => one === 1))) return mean;
  const nest = ([list, ...rest]: readonly (readonly number[])[], share: number): Numbers =>
    list ? list.map((one) => nest(rest, share * one)) : [share];
  const scale = nest(shares, 1);
  return call.graph.add({ kind: 'Rescaling', config: { scale }, inputs: [mean], suffix: 'share' });
}

/**
 * With a stride of one TensorFlow's `same` has a window around every number; then those are taken whose windows are the
 * ones wanted.
 */
function poolThenSubsample(call: NodeCall, input: Value, window: Window, kind: string): Value {
  const { size, strides, pads } = window;
  const ones = size.map(() => 1);
  const space = input.shape?.slice(1, -1) ?? [];
  const around = size.map((one, axis) => {
    const [before, after] = pads?.[axis] ?? [0, 0];
    const begin = Math.floor((one - 1) / 2) - before;
    const end = Math.ceil((one - 1) / 2) - after;
    // Windows of a stride need not reach the end.
    const length = space[axis] ?? null;
    const rest = length === null ? 0 : (length + before + after - one) % (strides[axis] ?? 1);
    if (!pads || begin < 0 || end + rest < 0 || (length === null && end < 0))
      throw new Unsupported(t('its padding is not one that a layer here leaves out of what it pools'));
    return [begin, Math.max(0, end)] as const;
  });
  const dense = call.graph.add({
    kind,
    config: { pool_size: size, strides: ones, padding: 'same' },
    inputs: [input],
  });
  const cut = around.some(([begin, end]) => begin > 0 || end > 0) ? crop(call, dense, around) : dense;
  return subsample(call, cut, strides);
}

export function crop(call: NodeCall, input: Value, cropping: readonly (readonly [number, number])[]): Value {
  const rank = cropping.length;
  const config = { cropping: rank === 1 ? cropping[0] : cropping };
  return call.graph.add({ kind: `Cropping${rank}D`, config, inputs: [input], suffix: 'crop' });
}

/** Every so manieth. */
export function subsample(call: NodeCall, input: Value, strides: readonly number[]): Value {
  if (strides.every((one) => one === 1)) return input;
  const config = { pool_size: strides.map(() => 1), strides, padding: 'valid' };
  return call.graph.add({
    kind: `MaxPooling${strides.length}D`,
    config,
    inputs: [input],
    suffix: 'subsample',
  });
}

/** A window with gaps, axis by axis: the largest, or the mean, of the image shifted by each of its places. */
function dilated(call: NodeCall, input: Value, window: Window, what: 'Max' | 'Average'): Value {
  const { size, strides, dilations, pads } = window;
  const isPadded = pads?.some(([begin, end]) => begin > 0 || end > 0) ?? true;
  if (!pads || (isPadded && (what === 'Average' || input.nonNegative !== true)))
    throw new Unsupported(t('its window is dilated and padded'));
  const padded = isPadded ? pad(call, input, { ...window, padding: undefined }) : input;
  const none = size.map((): readonly [number, number] => [0, 0]);
  const pooled = size.reduce((value, one, axis) => {
    if (one === 1) return value;
    if (one > MAX_DILATED_WINDOW)
      throw new Unsupported(t('its dilated window has {0} places along an axis', one));
    const step = dilations[axis] ?? 1;
    const shifted = Array.from({ length: one }, (_, place) =>
      crop(call, value, none.with(axis, [place * step, (one - 1 - place) * step])),
    );
    return call.graph.add({ kind: what === 'Max' ? 'Maximum' : 'Average', inputs: shifted });
  }, padded);
  return subsample(call, pooled, strides);
}

/** With `ceil_mode` a last window may hang over the end: room for it is made behind the image. */
function withCeiling(call: NodeCall, window: Window, input: Value): Window {
  const { pads } = window;
  if (call.number('ceil_mode', 0) === 0 || !pads) return window;
  const space = input.shape?.slice(1, -1);
  const more = pads.map(([begin, end], axis) => {
    const size = space?.[axis] ?? undefined;
    const stride = window.strides[axis] ?? 1;
    if (stride === 1) return 0;
    if (size === undefined)
      throw new Unsupported(t('ceil_mode is set, and the size of the image is not known'));
    const reach = ((window.size[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
    const room = size + begin + end - reach;
    const last = Math.ceil(room / stride) * stride;
    // A window must begin in the image or in front of it.
    return last >= size + begin ? 0 : Math.max(0, last - room);
  });
  if (more.every((one) => one === 0)) return window;
  const reaching = pads.map(([begin, end], axis) => [begin, end + (more[axis] ?? 0)] as const);
  const fitsSame = reaching.every(([begin, end], axis) => {
    const stride = window.strides[axis] ?? 1;
    const size = space?.[axis] ?? 1;
    const total = Math.max((Math.ceil(size / stride) - 1) * stride + (window.size[axis] ?? 1) - size, 0);
    return begin === Math.floor(total / 2) && end === total - begin;
  });
  return { ...window, pads: reaching, padding: fitsSame ? 'same' : undefined };
}

/** Keeps axes of one, as ONNX does. */
export const globalPool =
  (what: 'Max' | 'Average') =>
  (call: NodeCall): Value => {
    const value = call.value();
    const rank = value.order?.length ?? 4;
    if (rank < 3 || rank > 5)
      throw new Unsupported(t('its input has {0} axes, only 3 to 5 are supported', rank));
    return overSpace(call, call.graph.ordered(value, channelsLast(rank)), what, true);
  };

function overSpace(call: NodeCall, input: Value, what: 'Max' | 'Average', keepdims: boolean): Value {
  const rank = (input.order?.length ?? 4) - 2;
  const kind = `Global${what}Pooling${rank}D`;
  const pooled = call.graph.add({ kind, config: { keepdims }, inputs: [input] });
  const order = keepdims ? pooled.order : pooled.order && [0, 1];
  return {
    ref: pooled.ref,
    ...(pooled.shape && { shape: pooled.shape }),
    ...(order && { order }),
    ...(input.nonNegative && { nonNegative: true }),
  };
}

/** ReduceMean and ReduceMax: over space a layer that pools, over other axes an operation. */
export const reduce =
  (what: 'Max' | 'Average') =>
  async (call: NodeCall): Promise<Value> => {
    const input = call.value();
    const axes = await call.numbersOf('axes', 1);
    const rank = input.order?.length;
    const places = (rank && axes && !input.flattened ? axes : [])
      .map((axis) => placeOfAxis(input, axis))
      .sort((a, b) => a - b);
    const isSpace = places.length === (rank ?? 0) - 2 && places.every((place, index) => place === index + 1);
    if (!rank || !isSpace || rank < 3 || rank > 5) return reduceAny(what === 'Max' ? 'Max' : 'Mean')(call);
    return overSpace(call, input, what, call.number('keepdims', 1) !== 0);
  };
