import type { Numbers } from '../../../core/layers/preprocessing';
import { t } from '../../../l10n/translate';
import { unfold } from '../folded';
import { sizeOfConstant, weightOf, type NodeCall } from '../nodeCall';
import type { Constant } from '../tensor';
import { Unsupported } from '../unsupported';
import { sameOrder, type Value } from '../value';
import { elementwise, geluByErf, like } from './elementwise';
import { bothComputed, constantLike } from './tensor';

/** Beyond so many, a constant is no setting that people read but weights. */
const MAX_PLAIN_NUMBERS = 64;

type Operation = 'Add' | 'Subtract' | 'Multiply' | 'Divide';

/** Two operands: a layer that merges, or a Rescaling where one of them is constant. */
export const arithmetic =
  (operation: Operation) =>
  async (call: NodeCall): Promise<Value> => {
    const [left, right] = [call.operand(0), call.operand(1)];
    if (left?.is === 'value' && right?.is === 'value') {
      const keeps = operation !== 'Subtract';
      return merge(call, operation, [left.value, right.value], keeps);
    }
    if (operation === 'Divide') {
      const whole = await geluByErf(call);
      if (whole) return whole;
    }
    if (left?.is === 'value' && right?.is === 'constant')
      return rescale(call, operation, left.value, right.constant);
    if (left?.is !== 'constant' || right?.is !== 'value')
      throw new Unsupported(t('it has no computed input'));
    if (operation === 'Divide') return dividedBy(call, left.constant, right.value);
    return rescale(call, operation, right.value, left.constant, operation === 'Subtract');
  };

/** @param mirrored the constant is what is subtracted from */
async function rescale(
  call: NodeCall,
  operation: Operation,
  given: Value,
  constant: Constant,
  mirrored = false,
): Promise<Value> {
  const count = sizeOfConstant(constant);
  if (count > MAX_PLAIN_NUMBERS && constant.ranges)
    return byWeights(call, operation, given, constant, mirrored);
  const numbers = await call.constants.known(constant);
  const whole = given.flattened && numbers.length > 1 ? call.graph.plain(given) : given;
  const input = whole.groups && numbers.length > 1 ? unfold(call.graph, whole) : whole;
  const values = operation === 'Divide' ? numbers.map((one) => 1 / one) : numbers;
  if (!values.every(Number.isFinite))
    throw new Unsupported(t('"{0}" has numbers that are not finite', constant.name));
  const signed = operation === 'Subtract' && !mirrored ? values.map((one) => -one) : values;
  const placed = arrange(input, constant, signed);
  const multiplies = operation === 'Multiply' || operation === 'Divide';
  const config = multiplies ? { scale: placed, offset: 0 } : { scale: mirrored ? -1 : 1, offset: placed };
  const keeps = !mirrored && input.nonNegative === true && signed.every((one) => one >= 0);
  return elementwise(call, 'Rescaling', config, { input, nonNegative: keeps });
}

/**
 * So many numbers are weights: a scale for each channel, a position's own vector.
 */
function byWeights(
  call: NodeCall,
  operation: Operation,
  given: Value,
  constant: Constant,
  mirrored: boolean,
): Value {
  const apart = unfold(call.graph, given);
  const input = apart.flattened ? call.graph.plain(apart) : apart;
  const { order, shape } = input;
  const rank = order?.length ?? 0;
  const dims = [...new Array<number>(Math.max(0, rank - constant.dims.length)).fill(1), ...constant.dims];
  const last = order?.at(-1) ?? 0;
  const isByChannel = dims.length === rank && dims.every((size, axis) => axis === last || size === 1);
  const channels = shape?.at(-1) ?? 0;
  if (operation === 'Multiply' && isByChannel && dims[last] === channels && rank > 1) {
    const gamma = weightOf({ ...constant, dims: [channels] }, 'gamma', { shape: [channels] });
    const config = { init_values: 1, projection_dim: channels };
    return call.graph.add({ kind: 'LayerScale', config, inputs: [input], weights: [gamma] });
  }
  const held = constantLike(call, constant, input);
  return call.graph.add({ kind: operation, inputs: mirrored ? [held, input] : [input, held] });
}

/** A constant over what is computed. */
async function dividedBy(call: NodeCall, constant: Constant, given: Value): Promise<Value> {
  if (sizeOfConstant(constant) !== 1 || constant.dims.length > 1) {
    const input = unfold(call.graph, given);
    return call.graph.add({ kind: 'Divide', inputs: [constantLike(call, constant, input), input] });
  }
  const [scale = 1] = await call.constants.known(constant);
  const inverse = elementwise(call, 'Reciprocal', {}, { input: given, suffix: 'reciprocal' });
  return scale === 1 ? inverse : elementwise(call, 'Rescaling', { scale }, { input: inverse });
}

/** The constant as nested lists that stretch over the layer graph's axes as it does over ONNX's. */
function arrange({ order, shape }: Value, { dims, name }: Constant, values: readonly number[]): Numbers {
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    if (shape && dims.length > shape.length)
      throw new Unsupported(t('"{0}" adds axes to what it meets', name));
    return only;
  }
  if (!order || !shape) throw new Unsupported(t('the shape of its input is not known'));
  const lead = order.length - dims.length;
  const sizeAt = (axis: number) => (axis < lead ? 1 : (dims[axis - lead] ?? 1));
  const fits = order.every((axis, index) => sizeAt(axis) === 1 || sizeAt(axis) === shape[index]);
  if (lead < 0 || !fits || sizeAt(0) !== 1) {
    throw new Unsupported(t('"{0}" is [{1}], which does not stretch over its input', name, dims.join(', ')));
  }
  const strides = new Array<number>(order.length).fill(1);
  for (let axis = order.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * sizeAt(axis + 1);
  const axes = order.slice(1);
  const first = axes.findIndex((axis) => sizeAt(axis) > 1);
  const nest = ([axis, ...rest]: readonly number[], offset: number): Numbers =>
    axis === undefined
      ? (values[offset] ?? 0)
      : Array.from({ length: sizeAt(axis) }, (_, index) => nest(rest, offset + index * (strides[axis] ?? 0)));
  return nest(axes.slice(first), 0);
}

export const merging =
  (kind: 'Add' | 'Average' | 'Maximum' | 'Minimum') =>
  (call: NodeCall): Value => {
    const computed = call.node.inputs.every((_, position) => call.operand(position)?.is === 'value');
    if (!computed)
      return call.graph.add({
        kind,
        inputs: bothComputed(
          call,
          call.node.inputs.map((_, position) => position),
        ),
      });
    const inputs = call.values();
    const [only] = inputs;
    return inputs.length === 1 && only
      ? elementwise(call, 'Identity', {}, { input: only, nonNegative: only.nonNegative ?? false })
      : merge(call, kind, inputs, true);
  };

/** @param keeps what is never below zero stays so */
function merge(call: NodeCall, kind: string, all: readonly Value[], keeps: boolean): Value {
  const [one] = all;
  const ways = new Set(all.map(({ groups, shape }) => JSON.stringify([groups, shape?.length])));
  if (one?.groups && ways.size === 1) {
    const made = call.graph.add({ kind, inputs: all });
    return like(one, made, keeps && all.every((value) => value.nonNegative === true));
  }
  const given = all.map((value) => unfold(call.graph, value));
  const inputs = inOneOrder(call, given);
  const ranks = new Set(inputs.flatMap((input) => (input.shape ? [input.shape.length] : [])));
  if (ranks.size > 1) throw new Unsupported(t('its inputs differ in their number of axes'));
  const made = call.graph.add({ kind, inputs });
  const nonNegative = keeps && inputs.every((input) => input.nonNegative === true);
  const flattened = inputs[0]?.flattened;
  return { ...made, ...(flattened && { flattened }), ...(nonNegative && { nonNegative }) };
}

/** Tensors whose axes, and whose features where they were flattened, lie alike. */
export function inOneOrder(call: NodeCall, values: readonly Value[]): readonly Value[] {
  const order = values.find((value) => value.order)?.order;
  const shown = new Set(values.map(({ flattened }) => JSON.stringify(flattened)));
  const alike =
    shown.size === 1 ? values : values.map((value) => (value.flattened ? call.graph.plain(value) : value));
  if (!order) return alike;
  return alike.map((value) =>
    value.order && value.order.length === order.length && !sameOrder(value.order, order)
      ? call.graph.ordered(value, order)
      : value,
  );
}
