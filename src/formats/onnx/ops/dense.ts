import type { WeightRef } from '../../../core/graph/layerGraph';
import type { Numbers } from '../../../core/layers/preprocessing';
import { t } from '../../../l10n/translate';
import { axisAlone, compact, groupsOf, regrouped } from '../folded';
import { sizeOfConstant, weightOf, type NodeCall } from '../nodeCall';
import type { Constant } from '../tensor';
import { Unsupported } from '../unsupported';
import type { Value } from '../value';
import { elementwise, like, shortest } from './elementwise';
import { product } from './product';

/** Gemm with a constant matrix: `alpha · A · B + beta · C`. */
export async function gemm(call: NodeCall): Promise<Value> {
  const kernel = call.required(1);
  const bias = call.constant(2);
  const given = call.anyValue();
  const input = call.number('transA', 0) === 0 ? given : turned(call, given);
  const [alpha, beta] = [call.number('alpha', 1), bias ? call.number('beta', 1) : 0];
  const transposed = call.number('transB', 0) !== 0;
  const [rows = 0, columns = 0] = kernel.dims;
  call.mustBe(t('the number of axes of its matrix'), kernel.dims.length, 2);
  const units = transposed ? rows : columns;
  const spread = bias !== undefined && sizeOfConstant(bias) === 1;
  if (bias && !spread && (sizeOfConstant(bias) !== units || bias.dims.at(-1) !== units)) {
    throw new Unsupported(t('it adds a tensor of [{0}], expected one number a unit', bias.dims.join(', ')));
  }
  const added = bias && weightOf(bias, 'bias', { shape: [units], ...(spread && { strides: [0] }) });
  if (!bias || beta === alpha) {
    const made = dense(call, input, transposed, added);
    return alpha === 1 ? made : scaled(call, made, alpha);
  }
  if (alpha === 1 && beta === 0) return dense(call, input, transposed, undefined);
  const offset = (await call.constants.known(bias)).map((one) => one * beta);
  const made = dense(call, input, transposed, undefined);
  return scaled(call, made, alpha, offset.length === 1 ? offset[0] : offset);
}

function turned(call: NodeCall, given: Value): Value {
  const input = given.flattened ? call.graph.plain(given) : given;
  return regrouped(input, groupsOf(input).toReversed());
}

/** What a layer's weights cannot say, as they stay where they are. */
function scaled(call: NodeCall, input: Value, by: number, offset: Numbers = 0): Value {
  return elementwise(call, 'Rescaling', { scale: shortest(by), offset }, { input, suffix: 'scale' });
}

/** MatMul with a constant matrix, and the bias that the only node after it adds. */
export function matMul(call: NodeCall): Value {
  const [left, right] = [call.operand(0), call.operand(1)];
  if (left?.is === 'constant' && right?.is === 'value' && left.constant.dims.length === 2)
    return fromTheLeft(call, left.constant, right.value);
  if (right?.is !== 'constant' || right.constant.dims.length !== 2) return product(call);
  const kernel = right.constant;
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
  return dense(call, call.anyValue(), false, bias);
}

/** A constant matrix times what is computed: `(xᵀ · mᵀ)ᵀ`. */
function fromTheLeft(call: NodeCall, matrix: Constant, given: Value): Value {
  const swapped = (value: Value): Value => {
    const groups = groupsOf(value);
    return regrouped(value, [...groups.slice(0, -2), ...groups.slice(-2).toReversed()]);
  };
  const input = given.flattened ? call.graph.plain(given) : given;
  return swapped(dense(call, swapped(input), true, undefined, matrix));
}

function dense(
  call: NodeCall,
  given: Value,
  transposed: boolean,
  bias: WeightRef | undefined,
  constant = call.required(1),
): Value {
  const [rows = 0, columns = 0] = constant.dims;
  const [features, units] = transposed ? [columns, rows] : [rows, columns];
  const [perRow = columns, perColumn = 1] = constant.strides ?? [];
  const [perFeature, perUnit] = transposed ? [perColumn, perRow] : [perRow, perColumn];
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
  return input.groups ? like(input, made, false) : made;
}

/** A Dense works along the last axis, which must be ONNX's last too. */
function lastAxisLast(call: NodeCall, value: Value): Value {
  if (!value.order && !value.groups) return value;
  const isLast = (one: Value) => {
    const place = axisAlone(one, groupsOf(one).length - 1);
    return place !== undefined && place > 0 && place === (one.shape?.length ?? 0) - 1;
  };
  if (isLast(value)) return value;
  if (!value.groups) return call.graph.plain(value);
  const joined = compact(call.graph, value);
  if (isLast(joined)) return joined;
  throw new Unsupported(t('it works along an axis that joins the batch with others'));
}
