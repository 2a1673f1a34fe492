import { t } from '../../../l10n/translate';
import { axisAlone, groupsOf, regrouped, unfold } from '../folded';
import type { NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import { identityOrder, sameOrder, type Value } from '../value';
import { constantLike } from './tensor';

/** A stack of matrices: its axes in the order batch, other axes of the stack, rows, columns. */
interface Stack {
  readonly value: Value;
  /** The places that ONNX's axes of the stack have among its axes in the graph. */
  readonly lead: readonly (readonly number[])[];
  readonly sizes: readonly (number | null)[];
}

/** MatMul of two tensors, stacks of matrices along every axis but the last two. */
export function product(call: NodeCall): Value {
  const [a, b] = [call.operand(0), call.operand(1)];
  if (a?.is === 'constant' || b?.is === 'constant') {
    const like = call.value(a?.is === 'constant' ? 1 : 0);
    const place = (position: number) => {
      const operand = call.operand(position);
      return operand?.is === 'constant'
        ? call.graph.plain(constantLike(call, operand.constant, like))
        : call.graph.plain(like);
    };
    return call.graph.add({ kind: 'Matmul', inputs: [place(0), place(1)] });
  }
  const stacks = [stackOf(call, call.anyValue(0)), stackOf(call, call.anyValue(1))] as const;
  const [left, right] = stacks;
  const alike =
    JSON.stringify(left.lead) === JSON.stringify(right.lead) &&
    JSON.stringify(left.sizes) === JSON.stringify(right.sizes);
  if (!alike) {
    const inputs = stacks.map(({ value }) => call.graph.plain(unfold(call.graph, value)));
    if (inputs[0]?.order?.length !== inputs[1]?.order?.length)
      throw new Unsupported(t('its inputs differ in their number of axes'));
    return call.graph.add({ kind: 'Matmul', inputs });
  }
  const made = call.graph.add({ kind: 'Matmul', inputs: [left.value, right.value] });
  const count = left.lead.flat().length;
  return regrouped(made, [...left.lead, [count], [count + 1]]);
}

function stackOf(call: NodeCall, given: Value): Stack {
  const whole = given.flattened ? call.graph.plain(given) : given;
  const rank = groupsOf(whole).length;
  const isPair = (value: Value) => [rank - 2, rank - 1].every((axis) => (axisAlone(value, axis) ?? 0) > 0);
  const value = isPair(whole) ? whole : unfold(call.graph, whole);
  if (rank < 3 || !isPair(value)) throw new Unsupported(t('its matrices lie along the batch'));
  const groups = groupsOf(value);
  const atoms = groups.slice(0, -2).flat();
  const dims = [0, ...atoms.filter((axis) => axis !== 0), ...groups.slice(-2).flat()];
  const { ref, shape } = value;
  const moved = sameOrder(dims, identityOrder(dims.length))
    ? value
    : call.graph.add({
        kind: 'Permute',
        config: { dims: dims.slice(1) },
        inputs: [{ ref, ...(shape && { shape }) }],
        suffix: 'permute',
      });
  const lead = groups.slice(0, -2).map((axes) => axes.map((axis) => dims.indexOf(axis)));
  const back = [...lead, [dims.length - 2], [dims.length - 1]];
  return {
    value: regrouped({ ref: moved.ref, ...(moved.shape && { shape: moved.shape }) }, back),
    lead,
    sizes: (moved.shape ?? []).slice(0, -2),
  };
}
