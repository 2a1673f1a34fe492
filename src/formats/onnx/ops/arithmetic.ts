import type { Numbers } from '../../../core/layers/preprocessing';
import { type NodeCall } from '../nodeCall';
import type { Constant } from '../tensor';
import { Unsupported } from '../unsupported';
import { sameOrder, type Value } from '../value';
import { elementwise, geluByErf } from './elementwise';

type Operation = 'Add' | 'Subtract' | 'Multiply' | 'Divide';

/** Two operands: a layer that merges, or a Rescaling where one of them is constant. */
export const arithmetic =
  (operation: Operation) =>
  async (call: NodeCall): Promise<Value> => {
    const [left, right] = [call.operand(0), call.operand(1)];
    if (left?.is === 'value' && right?.is === 'value') {
      if (operation === 'Divide') throw new Unsupported('it divides by what is computed');
      const keeps = operation !== 'Subtract';
      return merge(call, operation, [left.value, right.value], keeps);
    }
    if (operation === 'Divide') {
      const whole = await geluByErf(call);
      if (whole) return whole;
    }
    if (left?.is === 'value' && right?.is === 'constant')
      return rescale(call, operation, left.value, right.constant);
    if (left?.is !== 'constant' || right?.is !== 'value') throw new Unsupported('it has no computed input');
    if (operation === 'Divide') throw new Unsupported('it divides by what is computed');
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
  const numbers = await call.constants.known(constant);
  const input = given.flattened && numbers.length > 1 ? call.graph.plain(given) : given;
  const values = operation === 'Divide' ? numbers.map((one) => 1 / one) : numbers;
  if (!values.every(Number.isFinite))
    throw new Unsupported(`"${constant.name}" has numbers that are not finite`);
  const signed = operation === 'Subtract' && !mirrored ? values.map((one) => -one) : values;
  const placed = arrange(input, constant, signed);
  const multiplies = operation === 'Multiply' || operation === 'Divide';
  const config = multiplies ? { scale: placed, offset: 0 } : { scale: mirrored ? -1 : 1, offset: placed };
  const keeps = !mirrored && input.nonNegative === true && signed.every((one) => one >= 0);
  return elementwise(call, 'Rescaling', config, { input, nonNegative: keeps });
}

/** The constant as nested lists that stretch over the layer graph's axes as it does over ONNX's. */
function arrange({ order, shape }: Value, { dims, name }: Constant, values: readonly number[]): Numbers {
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    if (shape && dims.length > shape.length) throw new Unsupported(`"${name}" adds axes to what it meets`);
    return only;
  }
  if (!order || !shape) throw new Unsupported('the shape of its input is not known');
  const lead = order.length - dims.length;
  const sizeAt = (axis: number) => (axis < lead ? 1 : (dims[axis - lead] ?? 1));
  const fits = order.every((axis, index) => sizeAt(axis) === 1 || sizeAt(axis) === shape[index]);
  if (lead < 0 || !fits || sizeAt(0) !== 1) {
    throw new Unsupported(`"${name}" is [${dims.join(', ')}], which does not stretch over its input`);
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
    const inputs = call.values();
    const [only] = inputs;
    return inputs.length === 1 && only
      ? elementwise(call, 'Identity', {}, { input: only, nonNegative: only.nonNegative ?? false })
      : merge(call, kind, inputs, true);
  };

/** @param keeps what is never below zero stays so */
function merge(call: NodeCall, kind: string, given: readonly Value[], keeps: boolean): Value {
  const inputs = inOneOrder(call, given);
  const ranks = new Set(inputs.flatMap((input) => (input.shape ? [input.shape.length] : [])));
  if (ranks.size > 1) throw new Unsupported('its inputs differ in their number of axes');
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
