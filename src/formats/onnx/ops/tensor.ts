import type { LayerConfig } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { axisAlone, groupsOf, regrouped } from '../folded';
import { weightOf, type NodeCall } from '../nodeCall';
import type { Constant } from '../tensor';
import { Unsupported } from '../unsupported';
import { onnxShape, resolveAxis, type Groups, type Value } from '../value';
import { rowMajorStrides } from '../../strides';
import { elementwise } from './elementwise';
import { inOneOrder } from './arithmetic';

/** Operators on raw tensors, by the kinds that the catalogue has for them. */

/** Of one tensor, number by number. */
export const ofOne =
  (kind: string, nonNegative = false) =>
  (call: NodeCall): Value =>
    elementwise(call, kind, {}, { nonNegative });

/** Of two tensors of one rank, either of which the file may hold. */
export const ofTwo =
  (kind: string) =>
  (call: NodeCall): Value => {
    const inputs = bothComputed(call);
    return call.graph.add({ kind, inputs });
  };

/** Two inputs whose axes lie alike, a constant as a layer of its own. */
export function bothComputed(call: NodeCall, positions: readonly number[] = [0, 1]): readonly Value[] {
  const operands = positions.map((position) => call.operand(position));
  const like = positions.find((_, index) => operands[index]?.is === 'value');
  if (like === undefined) throw new Unsupported(t('it has no computed input'));
  const given = call.value(like);
  const plain = given.flattened ? call.graph.plain(given) : given;
  const values = positions.map((position, index) => {
    const operand = operands[index];
    if (operand?.is === 'constant') return constantLike(call, operand.constant, plain);
    const value = position === like ? plain : call.value(position);
    return value.flattened ? call.graph.plain(value) : value;
  });
  const alike = inOneOrder(call, values);
  const ranks = new Set(alike.map(({ order, shape }) => order?.length ?? shape?.length));
  if (ranks.size > 1) throw new Unsupported(t('its inputs differ in their number of axes'));
  return alike;
}

/**
 * Numbers that the file holds as a tensor of the graph: one sample, repeated for each of `like`, with its axes.
 * @throws Unsupported for numbers that differ from sample to sample
 */
export function constantLike(call: NodeCall, constant: Constant, like: Value): Value {
  const { order } = like;
  if (!order) throw new Unsupported(t('the number of axes of its input is not known'));
  const lead = order.length - constant.dims.length;
  const dims = [...new Array<number>(Math.max(0, lead)).fill(1), ...constant.dims];
  if (lead < 0 || dims[0] !== 1)
    throw new Unsupported(
      t('"{0}" is [{1}], which is not one sample', constant.name, constant.dims.join(', ')),
    );
  const own = constant.strides ?? rowMajorStrides(constant.dims);
  const strides = [...new Array<number>(lead).fill(0), ...own];
  const shape = order.map((axis) => dims[axis] ?? 1);
  const numbers = constant.numbers?.map((one) => one ?? 0);
  if (numbers && constant.numbers?.includes(null))
    throw new Unsupported(t('"{0}" depends on the size of the batch', constant.name));
  const placed = order.map((axis) => strides[axis] ?? 0);
  const made = call.graph.add({
    kind: 'Constant',
    config: { shape, ...(numbers && { value: inOrder(numbers, shape, placed) }) },
    inputs: [like],
    weights: numbers ? [] : [weightOf({ ...constant, dims: shape }, 'value', { shape, strides: placed })],
    suffix: 'constant',
  });
  return { ...made, order };
}

function inOrder(
  numbers: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
): readonly number[] {
  const place = (axis: number, offset: number): readonly number[] =>
    axis === shape.length
      ? [numbers[offset] ?? 0]
      : Array.from({ length: shape[axis] ?? 1 }, (_, index) =>
          place(axis + 1, offset + index * (strides[axis] ?? 0)),
        ).flat();
  return place(0, 0);
}

/** The axis of the layer graph that is one of ONNX's, the tensor brought apart for it where it must be. */
export function alone(call: NodeCall, axis: number): { readonly input: Value; readonly place: number } {
  const given = call.anyValue();
  const whole = given.flattened ? call.graph.plain(given) : given;
  const found = axisAlone(whole, resolveAxis(axis, groupsOf(whole).length));
  const input = found === undefined ? call.value() : whole;
  const place = found ?? axisAlone(input, resolveAxis(axis, groupsOf(input).length)) ?? 0;
  if (place === 0) throw new Unsupported(t('it is along the batch'));
  return { input, place };
}

/** Parts along an axis; equal ones where nothing says how large. */
export async function split(call: NodeCall): Promise<readonly Value[]> {
  const { input, place } = alone(call, call.number('axis', 0));
  const size = input.shape?.[place] ?? null;
  if (size === null) throw new Unsupported(t('the size of the axis that it splits is not known'));
  const given = await call.numbersOf('split', 1);
  const count = call.number('num_outputs', call.node.outputs.length);
  const each = Math.ceil(size / count);
  const sizes = given ?? Array.from({ length: count }, (_, index) => Math.min(each, size - index * each));
  if (sizes.length !== call.node.outputs.length)
    throw new Unsupported(
      t('it splits into {0} parts for {1} outputs', sizes.length, call.node.outputs.length),
    );
  const parts = call.graph.addAll({ kind: 'Split', config: { sizes, axis: place }, inputs: [input] });
  return parts.map((part) => regrouped(kept(part, input), groupsOf(input)));
}

/** What was made of a tensor by moving its numbers about. */
export const kept = (value: Value, { nonNegative }: Value): Value => ({
  ...value,
  ...(nonNegative && { nonNegative }),
});

/** Rows of a table that the file holds, or places along an axis of what is computed. */
export async function gather(call: NodeCall): Promise<Value> {
  const [data, indices] = [call.operand(0), call.operand(1)];
  if (data?.is === 'constant' && indices?.is === 'value')
    return embedding(call, data.constant, indices.value);
  const places = await call.constants.known(call.required(1));
  const { dims } = call.required(1);
  const { input, place } = alone(call, call.number('axis', 0));
  if (dims.length > 1) throw new Unsupported(t('its indices have {0} axes', dims.length));
  if (dims.length === 1)
    return regrouped(
      kept(
        call.graph.add({ kind: 'Take', config: { indices: places, axis: place }, inputs: [input] }),
        input,
      ),
      groupsOf(input),
    );
  const whole = { start: null, stop: null, step: null };
  const key = Array.from({ length: place + 1 }, (_, axis) => (axis === place ? places[0] : whole));
  const made = call.graph.add({ kind: 'GetItem', config: { key }, inputs: [input] });
  const groups: Groups = groupsOf(input)
    .filter((axes) => !axes.includes(place))
    .map((axes) => axes.map((axis) => (axis > place ? axis - 1 : axis)));
  return regrouped(kept(made, input), groups);
}

function embedding(call: NodeCall, table: Constant, indices: Value): Value {
  call.mustBe('axis', call.number('axis', 0), 0);
  const [rows = 0, width = 0] = table.dims;
  call.mustBe(t('the number of axes of its table'), table.dims.length, 2);
  const config = { input_dim: rows, output_dim: width };
  const weights = [weightOf(table, 'embeddings', { shape: [rows, width] })];
  const made = call.graph.add({ kind: 'Embedding', config, inputs: [indices], weights });
  const groups = groupsOf(indices);
  return regrouped(made, [...groups, [groups.flat().length]]);
}

/** Over any axes but the batch's. */
export const reduceAny =
  (kind: 'Mean' | 'Max' | 'Min' | 'Sum', of?: Value) =>
  async (call: NodeCall): Promise<Value> => {
    const given = of ?? call.anyValue();
    const input = given.flattened ? call.graph.plain(given) : given;
    const groups = groupsOf(input);
    const said = await call.numbersOf('axes', 1);
    const axes = (said ?? groups.map((_, axis) => axis)).map((axis) => resolveAxis(axis, groups.length));
    if (axes.length === 0 && call.number('noop_with_empty_axes', 0) !== 0) return input;
    const places = axes.flatMap((axis) => groups[axis] ?? []).sort((a, b) => a - b);
    if (places[0] === 0) throw new Unsupported(t('it reduces the batch'));
    const keepdims = call.number('keepdims', 1) !== 0;
    const made = call.graph.add({ kind, config: { axis: places, keepdims }, inputs: [input] });
    if (keepdims) return regrouped(kept(made, input), groups);
    const rest = groups.filter((_, axis) => !axes.includes(axis));
    const newPlace = (place: number) => place - places.filter((other) => other < place).length;
    return regrouped(
      kept(made, input),
      rest.map((group) => group.map(newPlace)),
    );
  };

export const sumOfSquares = (call: NodeCall): Promise<Value> => {
  const square = elementwise(call, 'Square', {}, { nonNegative: true, suffix: 'square' });
  return reduceAny('Sum', square)(call);
};

/** Stretches a computed tensor: along axes of one, which repeat. */
export async function expand(call: NodeCall): Promise<Value> {
  const input = call.value();
  const from = onnxShape(input);
  const target = await call.constants.numbers(call.required(1));
  const lead = from.length - target.length;
  if (lead < 0) throw new Unsupported(t('it adds axes to what has {0}', from.length));
  const repeats = from.map((size, axis) => {
    const wanted = axis < lead ? 1 : (target[axis - lead] ?? null);
    if (axis === 0 || wanted === 1 || wanted === size || wanted === null) return 1;
    if (size !== 1)
      throw new Unsupported(t('it stretches [{0}] to [{1}]', from.join(', '), target.join(', ')));
    return wanted;
  });
  return tileBy(call, input, repeats);
}

export async function tile(call: NodeCall): Promise<Value> {
  const repeats = await call.constants.known(call.required(1));
  const input = call.value();
  call.mustBe(t('how often it repeats the batch'), repeats[0], 1);
  call.mustBe(t('the number of repeats'), repeats.length, onnxShape(input).length);
  return tileBy(call, input, repeats);
}

function tileBy(call: NodeCall, given: Value, repeats: readonly number[]): Value {
  if (repeats.every((times) => times === 1)) return given;
  const input = given.flattened ? call.graph.plain(given) : given;
  const placed = input.order?.map((axis) => repeats[axis] ?? 1) ?? repeats;
  return kept(call.graph.add({ kind: 'Tile', config: { repeats: placed }, inputs: [input] }), input);
}

/** The second where the first holds, the third elsewhere. */
export const where = (call: NodeCall): Value =>
  call.graph.add({ kind: 'Where', inputs: bothComputed(call, [0, 1, 2]) });

/** Powers that are a kind of their own, by exponent. */
const POWERS: ReadonlyMap<number, string> = new Map([
  [2, 'Square'],
  [0.5, 'Sqrt'],
  [-0.5, 'Rsqrt'],
  [-1, 'Reciprocal'],
]);

export async function power(call: NodeCall): Promise<Value> {
  const exponent = call.operand(1);
  const isOne = exponent?.is === 'constant' && exponent.constant.dims.every((size) => size === 1);
  const one = isOne ? (await call.constants.known(exponent.constant))[0] : undefined;
  if (one === 1) return elementwise(call, 'Identity');
  const kind = POWERS.get(one ?? NaN);
  if (kind !== undefined) return elementwise(call, kind, {}, { nonNegative: one === 2 });
  return ofTwo('Power')(call);
}

/** One number of a tensor at a time, by a line first: `scale · x + offset`. */
export const line = (config: LayerConfig) => (call: NodeCall) => elementwise(call, 'Rescaling', config);
