import type { LayerConfig, Shape } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { rowMajorStrides } from '../../strides';
import { MAX_RANK } from '../bounds';
import { groupsOf, regrouped, reshapeGroups } from '../folded';
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
import { bothComputed } from './tensor';

/** Costs nothing: what is made of the tensor later knows where its axes are. */
export function transpose(call: NodeCall): Value {
  const given = call.anyValue();
  const input = given.flattened ? call.graph.plain(given) : given;
  const groups = groupsOf(input);
  const rank = groups.length;
  const permutation = call.numbers('perm') ?? identityOrder(rank).toReversed();
  const isPermutation = permutation.length === rank && new Set(permutation).size === rank;
  if (!isPermutation || permutation.some((axis) => axis < 0 || axis >= rank)) {
    throw new Unsupported(
      t('perm is [{0}], expected each of {1} axes once', permutation.slice(0, 8).join(', '), rank),
    );
  }
  return regrouped(
    input,
    permutation.map((axis) => groups[axis] ?? []),
  );
}

export function flatten(call: NodeCall): Value {
  const input = call.anyValue();
  if (!input.order && !input.groups) return flattenTo(call, input);
  const groups = groupsOf(input);
  const axis = call.number('axis', 1);
  const at = axis === groups.length ? axis : resolveAxis(axis, groups.length);
  if (at === 1 && input.order) return flattenTo(call, input);
  const whole = input.flattened ? call.graph.plain(input) : input;
  return regrouped(whole, [groups.slice(0, at).flat(), groups.slice(at).flat()]);
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
    if (size === null) throw new Unsupported(t('it flattens an image whose size is not known'));
    return size;
  });
  const strides = rowMajorStrides(known);
  const axes = order.slice(1).map((axis) => axis - 1);
  return { sizes: axes.map((axis) => known[axis] ?? 1), strides: axes.map((axis) => strides[axis] ?? 1) };
}

/** The new shape is an input; 0 keeps a size, -1 is worked out, null is the batch. */
export async function reshape(call: NodeCall): Promise<Value> {
  const input = call.anyValue();
  const attribute = call.numbers('shape');
  const target: readonly (number | null)[] = attribute ?? (await call.constants.numbers(call.required(1)));
  if (target.length === 2 && target[1] === -1 && !input.groups) return flattenTo(call, input);
  const from = onnxShape(input);
  const allowZero = call.number('allowzero', 0) !== 0;
  const sizes = target.map((size, axis) => (size === 0 && !allowZero ? (from[axis] ?? null) : size));
  return reshapeTo(call, input, sizes);
}

export async function squeeze(call: NodeCall): Promise<Value> {
  const input = call.anyValue();
  const from = onnxShape(input);
  const axes = await call.numbersOf('axes', 1);
  const dropped = new Set(
    axes?.map((axis) => resolveAxis(axis, from.length)) ??
      from.flatMap((size, axis) => (size === 1 ? [axis] : [])),
  );
  if ([...dropped].some((axis) => from[axis] !== 1))
    throw new Unsupported(t('it drops an axis that is not of one'));
  return reshapeTo(
    call,
    input,
    from.filter((_, axis) => !dropped.has(axis)),
  );
}

export async function unsqueeze(call: NodeCall): Promise<Value> {
  const input = call.anyValue();
  const from = onnxShape(input);
  const axes = (await call.numbersOf('axes', 1)) ?? [];
  const rank = from.length + axes.length;
  if (rank > MAX_RANK) throw new Unsupported(t('it makes {0} axes', rank));
  const added = new Set(axes.map((axis) => resolveAxis(axis, rank)));
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
  if (target.length > MAX_RANK) throw new Unsupported(t('it reshapes to {0} axes', target.length));
  const sample = input.groups ? undefined : sampleOf(target, from.slice(1));
  if (!sample || sample.length === 0) {
    const whole = input.flattened ? call.graph.plain(input) : input;
    return reshapeGroups(call.graph, whole, target, call.batch);
  }
  if (sample.length === 1) return flattenTo(call, input);
  if (!input.flattened && sameSizes(sample, from.slice(1))) return input;
  const long = sample.filter((size) => size !== 1).length;
  // One long axis has its numbers in the same order wherever it stands: an image of one pixel gets its channels last.
  const isVector = long <= 1 && !input.flattened;
  const order = isVector ? channelsLast(target.length) : identityOrder(target.length);
  if (!isVector && !input.flattened) {
    const [, ...sizes] = target;
    const joined = attempt(() => reshapeGroups(call.graph, input, [null, ...sizes], undefined));
    if (joined) return joined;
  }
  const plain = isVector ? input : call.graph.plain(input);
  const placed = order.slice(1).map((axis) => sample[axis - 1] ?? 1);
  const made = call.graph.add({ kind: 'Reshape', config: { target_shape: placed }, inputs: [plain] });
  return { ...made, order, ...(input.nonNegative && { nonNegative: true }) };
}

/** Nothing where axes end in the middle of others. */
function attempt(join: () => Value): Value | undefined {
  try {
    return join();
  } catch (cause) {
    if (cause instanceof Unsupported) return undefined;
    throw cause;
  }
}

/**
 * The sizes of one sample, with the one that is to be worked out.
 * @returns nothing where the first new axis is not the batch's
 */
function sampleOf([first, ...target]: Shape, from: Shape): readonly number[] | undefined {
  const known = from.filter((size) => size !== null);
  if (known.length < from.length) throw new Unsupported(t('the size of its input is not known'));
  const total = known.reduce((product, size) => product * size, 1);
  const given = target.filter((size) => size !== null && size !== -1);
  const product = given.reduce<number>((sum, size) => sum * (size ?? 1), 1);
  const free = target.length - given.length;
  const fits =
    free === 0 ? product === total : free === 1 && first !== -1 && product > 0 && total % product === 0;
  return fits ? target.map((size) => (size === null || size === -1 ? total / product : size)) : undefined;
}

const sameSizes = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

export function concat(call: NodeCall): Value {
  const inputs = bothComputed(call, identityOrder(call.inputCount));
  const first = inputs.find((value) => value.order) ?? inputs[0];
  if (!first) throw new Unsupported(t('it has no input'));
  const axis = first.order ? placeOfAxis(first, call.number('axis', 1)) : -1;
  if (axis === 0) throw new Unsupported(t('it joins batches'));
  const last = first.order && axis === first.order.length - 1;
  const made = call.graph.add({ kind: 'Concatenate', config: { axis: last ? -1 : axis }, inputs });
  const nonNegative = inputs.every((value) => value.nonNegative === true);
  return { ...made, ...(first.order && { order: first.order }), ...(nonNegative && { nonNegative }) };
}

/** Zeros around an image; negative pads crop. */
export async function padding(call: NodeCall): Promise<Value> {
  call.mustBe('mode', call.text('mode', 'constant'), 'constant');
  call.mustBe(t('the input axes'), call.operand(3), undefined);
  const pads = (await call.numbersOf('pads', 1)) ?? [];
  const fill = call.opset < 11 ? call.number('value', 0) : ((await call.numbersOf('value', 2))?.[0] ?? 0);
  const given = call.value();
  const rank = given.order?.length ?? pads.length / 2;
  if (pads.length !== 2 * rank) throw new Unsupported(t('its {0} pads are not two an axis', pads.length));
  if (pads.every((pad) => pad === 0)) return given;
  call.mustBe('value', fill, 0);
  if (rank < 3 || rank > 5)
    throw new Unsupported(t('the number of axes is {0}, only 3 to 5 are supported', rank));
  const input = call.graph.ordered(given, channelsLast(rank));
  const at = (axis: number): readonly [number, number] => [pads[axis] ?? 0, pads[axis + rank] ?? 0];
  if ([...at(0), ...at(1)].some((pad) => pad !== 0))
    throw new Unsupported(t('it pads the batch or the channels'));
  const space = Array.from({ length: rank - 2 }, (_, axis) => at(axis + 2));
  const more = space.map((sides) => sides.map((side) => Math.max(0, side)));
  const less = space.map((sides) => sides.map((side) => Math.max(0, -side)));
  const one = (sides: readonly (readonly number[])[]) => (rank === 3 ? sides[0] : sides);
  const change = (kind: string, config: LayerConfig, from: Value) =>
    call.graph.add({ kind: `${kind}${rank - 2}D`, config, inputs: [from] });
  const grown = more.flat().some((side) => side > 0)
    ? change('ZeroPadding', { padding: one(more) }, input)
    : input;
  const cut = less.flat().some((side) => side > 0)
    ? change('Cropping', { cropping: one(less) }, grown)
    : grown;
  return { ...cut, ...(input.nonNegative && { nonNegative: true }) };
}
