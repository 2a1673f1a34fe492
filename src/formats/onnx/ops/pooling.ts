import type { NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import { channelsLast, placeOfAxis, resolveAxis, type Value } from '../value';
import { pad } from './convolution';
import { readWindow, type Window } from './window';

export function maxPool(call: NodeCall): Value {
  if (call.node.outputs.length > 1)
    throw new Unsupported('it gives out the places of the largest numbers too');
  return pool(call, 'Max');
}

export const averagePool = (call: NodeCall): Value => pool(call, 'Average');

/** Padding takes part in no maximum, and in an average only if `count_include_pad` says so. */
function pool(call: NodeCall, what: 'Max' | 'Average'): Value {
  const size = call.numbers('kernel_shape') ?? [];
  const rank = size.length;
  if (rank !== 1 && rank !== 2)
    throw new Unsupported(`it slides over ${rank} axes, only 1 and 2 are supported`);
  const input = call.graph.ordered(call.value(), channelsLast(rank + 2));
  const window = withCeiling(call, readWindow(call, size, input.shape?.slice(1, -1)), input, what);
  if (window.dilations.some((one) => one > 1)) throw new Unsupported('its window is dilated');
  const includesPadding = what === 'Average' && call.number('count_include_pad', 0) !== 0;
  const kind = `${what}Pooling${rank}D`;
  const config = { pool_size: size, strides: window.strides, padding: window.padding ?? 'valid' };
  const keep = (value: Value): Value => ({ ...value, ...(input.nonNegative && { nonNegative: true }) });

  const zerosAreRight = what === 'Max' ? input.nonNegative === true : includesPadding;
  if (window.padding === 'valid' || (window.padding === 'same' && !includesPadding)) {
    return keep(call.graph.add({ kind, config, inputs: [input] }));
  }
  if (zerosAreRight) {
    if (!window.pads) throw new Unsupported('it counts padding, and the size of the image is not known');
    const padded = pad(call, input, { ...window, padding: undefined });
    return keep(call.graph.add({ kind, config: { ...config, padding: 'valid' }, inputs: [padded] }));
  }
  return keep(poolThenSubsample(call, input, window, kind));
}

/**
 * Symmetric padding that a stride keeps TensorFlow's `same` from: with a stride of one they agree, and a window of one
 * then takes every so manieth.
 */
function poolThenSubsample(
  call: NodeCall,
  input: Value,
  { size, strides, pads }: Window,
  kind: string,
): Value {
  const centred = size.every(
    (one, axis) => one % 2 === 1 && pads?.[axis]?.every((side) => side === (one - 1) / 2),
  );
  if (!centred) throw new Unsupported('its padding is not one that a layer here leaves out of what it pools');
  const ones = size.map(() => 1);
  const dense = call.graph.add({
    kind,
    config: { pool_size: size, strides: ones, padding: 'same' },
    inputs: [input],
  });
  return call.graph.add({
    kind: kind.replace('Average', 'Max'),
    config: { pool_size: ones, strides, padding: 'valid' },
    inputs: [dense],
    suffix: 'subsample',
  });
}

/** With `ceil_mode` a last window may hang over the end: room for it is made behind the image. */
function withCeiling(call: NodeCall, window: Window, input: Value, what: 'Max' | 'Average'): Window {
  const { pads } = window;
  if (call.number('ceil_mode', 0) === 0 || !pads) return window;
  const space = input.shape?.slice(1, -1);
  const more = pads.map(([begin, end], axis) => {
    const size = space?.[axis] ?? undefined;
    const stride = window.strides[axis] ?? 1;
    if (stride === 1) return 0;
    if (size === undefined) throw new Unsupported('ceil_mode is set, and the size of the image is not known');
    const room = size + begin + end - (window.size[axis] ?? 1);
    const last = Math.ceil(room / stride) * stride;
    // A window must begin in the image or in front of it.
    return last >= size + begin ? 0 : Math.max(0, last - room);
  });
  if (more.every((one) => one === 0)) return window;
  if (what === 'Average') throw new Unsupported('ceil_mode makes its last window hang over the end');
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
    if (rank !== 3 && rank !== 4)
      throw new Unsupported(`its input has ${rank} axes, only 3 and 4 are supported`);
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

/** ReduceMean and ReduceMax over an image's height and width, or a sequence's steps. */
export const reduce =
  (what: 'Max' | 'Average') =>
  async (call: NodeCall): Promise<Value> => {
    const input = call.value();
    const axes = await call.numbersOf('axes', 1);
    const rank = input.order?.length;
    if (!rank || !axes || input.flattened) throw new Unsupported('it reduces more than space');
    const reduced = axes.map((axis) => resolveAxis(axis, rank)).sort((a, b) => a - b);
    const places = reduced.map((axis) => placeOfAxis(input, axis)).sort((a, b) => a - b);
    const isSpace = places.length === rank - 2 && places.every((place, index) => place === index + 1);
    if (!isSpace || rank < 3 || rank > 4) {
      throw new Unsupported(`it reduces axes [${axes.join(', ')}], only those of space are supported`);
    }
    const keepdims = call.number('keepdims', 1) !== 0;
    return overSpace(call, input, what, keepdims);
  };
