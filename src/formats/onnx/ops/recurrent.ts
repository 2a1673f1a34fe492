import type { FileRange, LayerConfig, WeightRef } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { ITEM_BYTES } from '../../weightBytes';
import { axisAlone, compact, groupsOf, regrouped, reshapeGroups } from '../folded';
import { sizeOfConstant, type NodeCall } from '../nodeCall';
import { CELL_ACTIVATIONS, RECURRENT, type RecurrentOperator } from '../recurrentOperators';
import type { Constant } from '../tensor';
import { Unsupported } from '../unsupported';
import { sameOrder, type Value } from '../value';

/**
 * LSTM, GRU and RNN: X, W `[directions, gates · hidden, input]`, R `[directions, gates · hidden, hidden]`,
 * B `[directions, 2 · gates · hidden]`, sequence_lens, initial_h, initial_c, P. Gives out every step, the last state
 * and, of an LSTM, the last cell.
 */
export const recurrent =
  (op: RecurrentOperator['op']) =>
  async (call: NodeCall): Promise<readonly Value[]> => {
    const operator = RECURRENT.find((one) => one.op === op)!;
    const direction = call.text('direction', 'forward');
    const both = direction === 'bidirectional';
    const [directions, rows] = [both ? 2 : 1, call.required(1).dims];
    const units = call.number('hidden_size', call.required(2).dims[2] ?? 0);
    const [, wide = 0, features = 0] = rows;
    call.mustBe(t('the number of directions of W'), rows[0], directions);
    call.mustBe(t('the number of rows of W'), wide, operator.gates.length * units);
    refuseWhatNoLayerDoes(call, operator);
    const steps = stepsFirst(call);
    const states = await initialStates(call, operator, units, both);
    const wanted = call.node.outputs.map((name) => name !== '');
    const [sequence = false, ...last] = wanted;
    const returnsState = last.some(Boolean) && (sequence || both || (last[1] ?? false));
    const config = (side: number): LayerConfig => ({
      units,
      return_sequences: sequence,
      return_state: returnsState,
      use_bias: call.operand(3) !== undefined,
      ...activationsOf(call, operator, side),
      ...(op === 'GRU' && { reset_after: call.number('linear_before_reset', 0) !== 0 }),
    });
    const weights = (side: number) => weightsOf(call, operator, { side, directions, units, features });
    const inputs = [steps, ...states];
    if (both) {
      const inner = (side: number, backwards: boolean) => ({
        class_name: operator.kind,
        config: { ...config(side), go_backwards: backwards },
      });
      const made = call.graph.addAll({
        kind: 'Bidirectional',
        config: { layer: inner(0, false), backward_layer: inner(1, true), merge_mode: 'concat' },
        inputs,
        weights: [...lead('forward_layer', weights(0)), ...lead('backward_layer', weights(1))],
      });
      return ofBoth(call, made, operator, wanted, units);
    }
    const backwards = direction === 'reverse';
    const made = call.graph.addAll({
      kind: operator.kind,
      config: { ...config(0), go_backwards: backwards },
      inputs,
      weights: weights(0),
    });
    return ofOne(call, made, wanted, backwards);
  };

function refuseWhatNoLayerDoes(call: NodeCall, { states }: RecurrentOperator): void {
  call.mustBe(t('its lengths of sequences'), call.operand(4), undefined);
  call.mustBe('P', states === 2 ? call.operand(7) : undefined, undefined);
  call.mustBe('clip', call.number('clip', 0), 0);
  call.mustBe('input_forget', call.number('input_forget', 0), 0);
  for (const name of ['activation_alpha', 'activation_beta'])
    call.mustBe(name, (call.numbers(name) ?? []).length, 0);
}

/** Batch, steps, features, from ONNX's steps, batch, features. */
function stepsFirst(call: NodeCall): Value {
  const given = call.anyValue();
  const whole = compact(call.graph, given.flattened ? call.graph.plain(given) : given);
  const [first = -1, second = -1, third = -1] = [0, 1, 2].map((axis) => axisAlone(whole, axis) ?? -1);
  const found = call.number('layout', 0) === 0 ? [second, first, third] : [first, second, third];
  if (groupsOf(whole).length === 3 && sameOrder(found, [0, 1, 2])) return whole;
  throw new Unsupported(t('the batch is not where the operator has it'));
}

/** None where they are zeros, which is what a layer begins with. */
async function initialStates(
  call: NodeCall,
  { states }: RecurrentOperator,
  units: number,
  both: boolean,
): Promise<readonly Value[]> {
  const found: Value[] = [];
  for (let state = 0; state < states; state++) {
    const operand = call.operand(5 + state);
    if (operand?.is === 'value') {
      if (both) throw new Unsupported(t('both directions begin with a computed state'));
      found.push(reshapeGroups(call.graph, operand.value, [null, units], call.batch));
    } else if (operand && (await call.constants.known(operand.constant)).some((one) => one !== 0)) {
      throw new Unsupported(t('it begins with a state that the file holds'));
    }
  }
  if (found.length !== 0 && found.length !== states)
    throw new Unsupported(t('only one of its states is given'));
  return found;
}

/** One list an attribute, direction by direction: gates, candidate and, of an LSTM, what is given out. */
function activationsOf(call: NodeCall, { gates, states }: RecurrentOperator, side: number): LayerConfig {
  const attribute = call.node.attributes.get('activations');
  const each = gates.length === 1 ? 1 : 1 + states;
  const missing = gates.length === 1 ? ['Tanh'] : ['Sigmoid', 'Tanh', 'Tanh'];
  const given = attribute?.type === 'texts' ? attribute.value.slice(side * each) : missing;
  const names = given.slice(0, each).map((name) => {
    const known = [...CELL_ACTIVATIONS].find(([own]) => own.toLowerCase() === name.toLowerCase());
    if (!known) throw new Unsupported(t('nothing here computes {0} inside a cell', name));
    return known[1];
  });
  if (gates.length === 1) return { activation: names[0] };
  const [gate, candidate, out = candidate] = names;
  call.mustBe(t('the activation of its output'), out, candidate);
  return { recurrent_activation: gate, activation: candidate };
}

interface Sizes {
  readonly side: number;
  readonly directions: number;
  readonly units: number;
  readonly features: number;
}

/** Blocks of gates in Keras's order; rows become columns. */
function weightsOf(call: NodeCall, operator: RecurrentOperator, sizes: Sizes): readonly WeightRef[] {
  const { side, directions, units, features } = sizes;
  const { gates, kind } = operator;
  const width = gates.length * units;
  const matrix = (position: number, name: string, columns: number): WeightRef => {
    const constant = call.required(position);
    call.mustBe(
      t('the sizes of "{0}"', constant.name),
      constant.dims.join(),
      [directions, width, columns].join(),
    );
    return {
      name,
      shape: [columns, width],
      dtype: constant.dtype,
      role: 'parameter',
      source: {
        from: 'ranges',
        ranges: blocks(constant, side * width * columns, units * columns, gates),
        view: [columns, gates.length, units],
        strides: [1, units * columns, columns],
      },
    };
  };
  const kernels = [matrix(1, 'kernel', features), matrix(2, 'recurrent_kernel', units)];
  const bias = call.constant(3);
  if (!bias) return kernels;
  call.mustBe(t('the sizes of B'), bias.dims.join(), [directions, 2 * width].join());
  const part = (which: 0 | 1) => blocks(bias, (2 * side + which) * width, units, gates);
  const apart = kind === 'GRU' && call.number('linear_before_reset', 0) !== 0;
  const stored: WeightRef = {
    name: 'bias',
    shape: [2, width],
    dtype: bias.dtype,
    role: 'parameter',
    source: { from: 'ranges', ranges: [...part(0), ...part(1)] },
  };
  if (apart) return [...kernels, stored];
  // ONNX keeps a bias for each of the two products, Keras their sum.
  const source = { from: 'rearranged', parts: [stored], how: { kind: 'halvesAdded' } } as const;
  return [...kernels, { ...stored, shape: [width], source }];
}

/** Equal blocks of a constant, from some number on, in another order. */
function blocks(
  constant: Constant,
  begin: number,
  size: number,
  order: readonly number[],
): readonly FileRange[] {
  const { ranges, dtype, name, strides } = constant;
  const [range] = ranges ?? [];
  const item = ITEM_BYTES[dtype];
  if (!range || ranges?.length !== 1 || strides || range.byteLength !== sizeOfConstant(constant) * item)
    throw new Unsupported(t('"{0}" has no numbers in a form that weights of gates can have', name));
  return order.map((place) => ({
    path: range.path,
    offset: range.offset + (begin + place * size) * item,
    byteLength: size * item,
  }));
}

const lead = (place: string, weights: readonly WeightRef[]): readonly WeightRef[] =>
  weights.map((weight) => ({ ...weight, name: `${place}/${weight.name}` }));

/** Every step and the last states as ONNX has them: an axis of the directions, of which there is one. */
function ofOne(
  call: NodeCall,
  made: readonly Value[],
  [sequence = false, ...last]: readonly boolean[],
  backwards: boolean,
): readonly Value[] {
  const batchFirst = call.number('layout', 0) !== 0;
  const [first, ...states] = made;
  const whole = { start: null, stop: null, step: null };
  const steps =
    sequence && backwards
      ? call.graph.add({
          kind: 'GetItem',
          config: { key: [whole, { ...whole, step: -1 }] },
          inputs: [first!],
          suffix: 'reverse',
        })
      : first!;
  const state = (value: Value): Value => regrouped(value, batchFirst ? [[0], [], [1]] : [[], [0], [1]]);
  if (!sequence && states.length === 0) return [first!, state(first!)];
  const every = sequence ? regrouped(steps, batchFirst ? [[0], [1], [], [2]] : [[1], [], [0], [2]]) : first!;
  return [every, ...states.slice(0, last.length).map(state)];
}

/** The directions lie behind each other in the graph's last axis; ONNX has an axis for them. */
function ofBoth(
  call: NodeCall,
  made: readonly Value[],
  { states: count }: RecurrentOperator,
  [sequence = false, ...last]: readonly boolean[],
  units: number,
): readonly Value[] {
  const batchFirst = call.number('layout', 0) !== 0;
  const [first, ...states] = made;
  const apart = (value: Value, sizes: readonly number[], suffix: string) =>
    call.graph.add({ kind: 'Reshape', config: { target_shape: sizes }, inputs: [value], suffix });
  const steps = first?.shape?.[1] ?? null;
  if (sequence && steps === null) throw new Unsupported(t('the number of its steps is not known'));
  const every = sequence
    ? regrouped(
        apart(first!, [steps ?? 1, 2, units], 'directions'),
        batchFirst ? [[0], [1], [2], [3]] : [[1], [2], [0], [3]],
      )
    : first!;
  const finals = last.map((_, state) => {
    const sides = [states[state], states[state + count]].filter((side) => side !== undefined);
    const joined = call.graph.add({ kind: 'Concatenate', inputs: sides, suffix: 'states' });
    const value = apart(joined, [2, units], 'states');
    return regrouped(value, batchFirst ? [[0], [1], [2]] : [[1], [0], [2]]);
  });
  return [every, ...finals];
}
