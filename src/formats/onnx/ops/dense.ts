import type { WeightRef } from '../../../core/graph/layerGraph';
import { sizeOfConstant, weightOf, type NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import { placeOfAxis, type Value } from '../value';

/** Gemm with a constant matrix: `A · B + C`. */
export function gemm(call: NodeCall): Value {
  const kernel = call.required(1);
  const bias = call.constant(2);
  call.mustBe('transA', call.number('transA', 0), 0);
  call.mustBe('alpha', call.number('alpha', 1), 1);
  if (bias) call.mustBe('beta', call.number('beta', 1), 1);
  const transposed = call.number('transB', 0) !== 0;
  const [rows = 0, columns = 0] = kernel.dims;
  call.mustBe('the number of axes of its matrix', kernel.dims.length, 2);
  const units = transposed ? rows : columns;
  const spread = bias !== undefined && sizeOfConstant(bias) === 1;
  if (bias && !spread && (sizeOfConstant(bias) !== units || bias.dims.at(-1) !== units)) {
    throw new Unsupported(`it adds a tensor of [${bias.dims.join(', ')}], expected one number a unit`);
  }
  const added = bias && weightOf(bias, 'bias', { shape: [units], ...(spread && { strides: [0] }) });
  return dense(call, call.value(), transposed, added);
}

/** MatMul with a constant matrix, and the bias that the only node after it adds. */
export function matMul(call: NodeCall): Value {
  const kernel = call.required(1);
  call.mustBe('the number of axes of its matrix', kernel.dims.length, 2);
  const units = kernel.dims[1] ?? 0;
  const add = call.follower('Add');
  const added = add && call.operandsOf(add).find((operand) => operand?.is === 'constant');
  let bias: WeightRef | undefined;
  if (
    add &&
    added?.is === 'constant' &&
    added.constant.ranges &&
    added.constant.dims.join() === String(units)
  ) {
    bias = weightOf(added.constant, 'bias', { shape: [units] });
    call.absorbed.push(add);
  }
  return dense(call, call.value(), false, bias);
}

function dense(call: NodeCall, given: Value, transposed: boolean, bias: WeightRef | undefined): Value {
  const constant = call.required(1);
  const [rows = 0, columns = 0] = constant.dims;
  const [features, units] = transposed ? [columns, rows] : [rows, columns];
  const perFeature = transposed ? 1 : columns;
  const perUnit = transposed ? columns : 1;
  const input = lastAxisLast(call, given);
  const { flattened } = input;
  const kernel = weightOf(constant, 'kernel', {
    shape: [features, units],
    ...(flattened && { view: [...flattened.sizes, units] }),
    strides: [...(flattened?.strides.map((stride) => stride * perFeature) ?? [perFeature]), perUnit],
  });
  const made = call.graph.add({
    kind: 'Dense',
    config: { units, use_bias: bias !== undefined },
    inputs: [input],
    weights: bias ? [kernel, bias] : [kernel],
  });
  return made;
}

/** A Dense works along the last axis, which must be ONNX's last too. */
function lastAxisLast(call: NodeCall, value: Value): Value {
  const { order } = value;
  if (!order || placeOfAxis(value, -1) === order.length - 1) return value;
  return call.graph.plain(value);
}
