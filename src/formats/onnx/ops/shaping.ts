import type { Shape } from '../../../core/graph/layerGraph';
import { rowMajorStrides } from '../../strides';
import { MAX_RANK } from '../bounds';
import type { NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import {
  channelsLast,
  identityOrder,
  onnxShape,
  placeOfAxis,
  resolveAxis,
  sameOrder,
  type Flattened,
  type Value,
} from '../value';
import { inOneOrder } from './arithmetic';

/** Costs nothing: what is made of the tensor later knows where its axes are. */
export function transpose(call: NodeCall): Value {
  const given = call.value();
  const input = given.flattened ? call.graph.plain(given) : given;
  if (!input.order) throw new Unsupported('the number of axes of its input is not known');
  const rank = input.order.length;
  const permutation = call.numbers('perm') ?? identityOrder(rank).toReversed();
  const isPermutation = permutation.length === rank && new Set(permutation).size === rank;
  if (!isPermutation || permutation.some((axis) => axis < 0 || axis >= rank)) {
    throw new Unsupported(
      `perm is [${permutation.slice(0, 8).join(', ')}], expected each of ${rank} axes once`,
    );
  }
  if (permutation[0] !== 0) throw new Unsupported('it moves the axis of the batch');
  return { ...input, order: input.order.map((axis) => permutation.indexOf(axis)) };
}

export function flatten(call: NodeCall): Value {
  const input = call.value();
  if (input.order) call.mustBe('axis', resolveAxis(call.number('axis', 1), input.order.length), 1);
  return flattenTo(call, input);
}

/** A vector a sample. The order of its features is the graph's own, and whoever reads them is told. */
function flattenTo(call: NodeCall, input: Value): Value {
  if (input.shape?.length === 2) return input;
  const made = call.graph.add({ kind: 'Flatten', inputs: [input] });
  const { nonNegative } = input;
  const flattened = input.order && flattenedOrder(input);
  return {
    ref: made.ref,
    ...(made.shape && { shape: made.shape }),
    ...(input.order && { order: [0, 1] }),
    ...(flattened && { flattened }),
    ...(nonNegative && { nonNegative }),
  };
}

/** Nothing where ONNX's order is the graph's, as it is where all but one size are one. */
function flattenedOrder(input: Value): Flattened | undefined {
  const order = input.order ?? [];
  const sizes = onnxShape(input).slice(1);
  if (sameOrder(order, identityOrder(order.length)) || sizes.filter((size) => size !== 1).length <= 1)
    return undefined;
  const known = sizes.map((size) => {
    if (size === null) throw new Unsupported('it flattens an image whose size is not known');
    return size;
  });
  const strides = rowMajorStrides(known);
  const axes = order.slice(1).map((axis) => axis - 1);
  return { sizes: axes.map((axis) => known[axis] ?? 1), strides: axes.map((axis) => strides[axis] ?? 1) };
}

/** The new shape is an input; 0 keeps a size, -1 is worked out, null is the batch. */
export async function reshape(call: NodeCall): Promise<Value> {
  const input = call.value();
  const attribute = call.numbers('shape');
  const target: readonly (number | null)[] = attribute ?? (await call.constants.numbers(call.required(1)));
  if (target.length === 2 && target[1] === -1) return flattenTo(call, input);
  const from = onnxShape(input);
  const allowZero = call.number('allowzero', 0) !== 0;
  const sizes = target.map((size, axis) => (size === 0 && !allowZero ? (from[axis] ?? null) : size));
  return reshapeTo(call, input, sizes);
}

export async function squeeze(call: NodeCall): Promise<Value> {
  const input = call.value();
  const from = onnxShape(input);
  const axes = await call.numbersOf('axes', 1);
  const dropped = new Set(
    axes?.map((axis) => resolveAxis(axis, from.length)) ??
      from.flatMap((size, axis) => (size === 1 && axis > 0 ? [axis] : [])),
  );
  if (dropped.has(0)) throw new Unsupported('it drops the axis of the batch');
  return reshapeTo(
    call,
    input,
    from.filter((_, axis) => !dropped.has(axis)),
  );
}

export async function unsqueeze(call: NodeCall): Promise<Value> {
  const input = call.value();
  const from = onnxShape(input);
  const axes = (await call.numbersOf('axes', 1)) ?? [];
  const rank = from.length + axes.length;
  if (rank > MAX_RANK) throw new Unsupported(`it makes ${rank} axes`);
  const added = new Set(axes.map((axis) => resolveAxis(axis, rank)));
  if (added.has(0)) throw new Unsupported('it adds an axis before the batch');
  const rest = [...from];
  return reshapeTo(
    call,
    input,
    Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? null))),
  );
}

/** @param target ONNX's sizes; the first is the batch's, whatever it says, if what follows is one sample */
function reshapeTo(call: NodeCall, input: Value, target: readonly (number | null)[]): Value {
  const from = onnxShape(input);
  if (target.length > MAX_RANK) throw new Unsupported(`it reshapes to ${target.length} axes`);
  const sample = resolveSample(target.slice(1), from.slice(1), target[0] === -1);
  if (sample.length === 1) return flattenTo(call, input);
  if (!input.flattened && sameSizes(sample, from.slice(1))) return input;
  if (sample.length === 0) throw new Unsupported('it takes away every axis but that of the batch');
  const long = sample.filter((size) => size !== 1).length;
  // One long axis has its numbers in the same order wherever it stands: an image of one pixel gets its channels last.
  const isVector = long <= 1 && !input.flattened;
  const order = isVector ? channelsLast(target.length) : identityOrder(target.length);
  const plain = isVector ? input : call.graph.plain(input);
  const placed = order.slice(1).map((axis) => sample[axis - 1] ?? 1);
  const made = call.graph.add({ kind: 'Reshape', config: { target_shape: placed }, inputs: [plain] });
  return { ...made, order, ...(input.nonNegative && { nonNegative: true }) };
}

/** The sizes of one sample, with the one that is to be worked out. */
function resolveSample(target: Shape, from: Shape, batchIsFree: boolean): readonly number[] {
  const known = from.filter((size) => size !== null);
  if (known.length < from.length) throw new Unsupported('the size of its input is not known');
  const total = known.reduce((product, size) => product * size, 1);
  const given = target.filter((size) => size !== null && size !== -1);
  const product = given.reduce<number>((sum, size) => sum * (size ?? 1), 1);
  const free = target.length - given.length;
  const fits =
    free === 0 ? product === total : free === 1 && !batchIsFree && product > 0 && total % product === 0;
  if (!fits)
    throw new Unsupported(`it reshapes [${from.join(', ')}] to [${target.join(', ')}] across the batch`);
  return target.map((size) => (size === null || size === -1 ? total / product : size));
}

const sameSizes = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

export function concat(call: NodeCall): Value {
  const given = call.values();
  const plain = given.map((value) => (value.flattened ? call.graph.plain(value) : value));
  const inputs = inOneOrder(call, plain);
  const first = inputs.find((value) => value.order) ?? inputs[0];
  if (!first) throw new Unsupported('it has no input');
  const axis = first.order ? placeOfAxis(first, call.number('axis', 1)) : -1;
  const last = first.order && axis === first.order.length - 1;
  const made = call.graph.add({ kind: 'Concatenate', config: { axis: last ? -1 : axis }, inputs });
  const nonNegative = inputs.every((value) => value.nonNegative === true);
  return { ...made, ...(first.order && { order: first.order }), ...(nonNegative && { nonNegative }) };
}

/** Zeros around an image; negative pads crop. */
export async function padding(call: NodeCall): Promise<Value> {
  call.mustBe('mode', call.text('mode', 'constant'), 'constant');
  call.mustBe('the input axes', call.operand(3), undefined);
  const pads = (await call.numbersOf('pads', 1)) ?? [];
  const fill = call.opset < 11 ? call.number('value', 0) : ((await call.numbersOf('value', 2))?.[0] ?? 0);
  const given = call.value();
  const rank = given.order?.length ?? pads.length / 2;
  if (pads.length !== 2 * rank) throw new Unsupported(`its ${pads.length} pads are not two an axis`);
  if (pads.every((pad) => pad === 0)) return given;
  call.mustBe('value', fill, 0);
  call.mustBe('the number of axes', rank, 4);
  const input = call.graph.ordered(given, channelsLast(4));
  const at = (axis: number): readonly [number, number] => [pads[axis] ?? 0, pads[axis + rank] ?? 0];
  if ([...at(0), ...at(1)].some((pad) => pad !== 0))
    throw new Unsupported('it pads the batch or the channels');
  const space = [at(2), at(3)];
  const more = space.map((sides) => sides.map((side) => Math.max(0, side)));
  const less = space.map((sides) => sides.map((side) => Math.max(0, -side)));
  const keep = input.nonNegative && { nonNegative: true };
  const grown = more.flat().some((side) => side > 0)
    ? call.graph.add({ kind: 'ZeroPadding2D', config: { padding: more }, inputs: [input] })
    : input;
  const cut = less.flat().some((side) => side > 0)
    ? call.graph.add({ kind: 'Cropping2D', config: { cropping: less }, inputs: [grown] })
    : grown;
  return { ...cut, ...keep };
}

/** Resize and Upsample by whole factors. */
export async function resize(call: NodeCall): Promise<Value> {
  const isOld = call.node.op === 'Upsample' || call.opset < 11;
  const input = call.graph.ordered(call.value(), channelsLast(4));
  const [, height, width] = input.shape ?? [];
  const scales = await call.numbersOf('scales', isOld ? 1 : 2);
  const sizes = scales && scales.length > 0 ? undefined : await call.numbersOf('sizes', 3);
  const [rows, columns] = sizes
    ? [(sizes[2] ?? 0) / (height ?? 0), (sizes[3] ?? 0) / (width ?? 0)]
    : [scales?.[2], scales?.[3]];
  if (!isFactor(rows) || !isFactor(columns)) throw new Unsupported('it does not enlarge by whole factors');
  if (scales && scales.length > 0 && (scales[0] !== 1 || scales[1] !== 1)) {
    throw new Unsupported('it resizes the batch or the channels');
  }
  const mode = call.text('mode', 'nearest');
  const place = call.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  const centred = place === 'half_pixel' || place === 'pytorch_half_pixel';
  const rounding = call.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  const repeats = centred ? rounding.startsWith('round') : place === 'asymmetric' && rounding === 'floor';
  const interpolation =
    mode === 'nearest' && repeats ? 'nearest' : mode === 'linear' && centred ? 'bilinear' : undefined;
  if (!interpolation) throw new Unsupported(`it resizes by ${mode} with ${place} coordinates`);
  const config = { size: [rows, columns], interpolation };
  const made = call.graph.add({ kind: 'UpSampling2D', config, inputs: [input] });
  return { ...made, ...(input.nonNegative && { nonNegative: true }) };
}

const isFactor = (scale: number | undefined): scale is number =>
  scale !== undefined && Number.isInteger(scale) && scale >= 1;

/** What is left of a tensor by [start, end) of its height and width. */
export async function slice(call: NodeCall): Promise<Value> {
  const starts = (await call.numbersOf('starts', 1)) ?? [];
  const ends = (await call.numbersOf('ends', 2)) ?? [];
  const axes = (await call.numbersOf('axes', 3)) ?? identityOrder(starts.length);
  const steps = await call.numbersOf('steps', 4);
  if (steps?.some((step) => step !== 1)) throw new Unsupported('it steps over some of what it keeps');
  const input = call.graph.ordered(call.value(), channelsLast(4));
  const from = onnxShape(input);
  const cropping: [number, number][] = [
    [0, 0],
    [0, 0],
  ];
  axes.forEach((axis, index) => {
    const at = resolveAxis(axis, from.length);
    const size = from[at];
    const start = starts[index] ?? 0;
    const end = ends[index] ?? 0;
    if (start === 0 && end >= (size ?? Number.MAX_SAFE_INTEGER)) return;
    if (at < 2 || size === null || size === undefined) throw new Unsupported(`it slices axis ${axis}`);
    const inside = (place: number) => Math.min(size, Math.max(0, place < 0 ? place + size : place));
    cropping[at - 2] = [inside(start), size - inside(end)];
  });
  if (cropping.flat().every((side) => side === 0)) return input;
  return call.graph.add({ kind: 'Cropping2D', config: { cropping }, inputs: [input] });
}
