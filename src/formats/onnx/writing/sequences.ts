import { byRole } from '../../../core/layers/callFlags';
import type { EmbeddingConfig } from '../../../core/layers/embedding';
import type { MultiHeadConfig } from '../../../core/layers/multiHeadAttention';
import { directionsOf, type BidirectionalConfig, type InnerLayer } from '../../../core/layers/wrapping';
import { t } from '../../../l10n/translate';
import { CELL_ACTIVATIONS, RECURRENT, type RecurrentOperator } from '../recurrentOperators';
import type { AttributeValue, LayerCall, Tensor } from './draft';

/** Layers of sequences: recurrent ones, attention, embeddings. */

const INT64 = 7;

export function embedding(call: LayerCall<EmbeddingConfig>): string {
  if (call.config.mask_zero) throw call.refused(t('it masks zeros, which no operator would heed'));
  const x = call.draft.toLast(call.name, call.input);
  const indices = call.node('Cast', [x], { to: INT64 }, 'indices');
  const y = call.node('Gather', [call.weight('embeddings'), indices], { axis: 0 });
  return call.draft.toFirst(call.name, y, call.output.length);
}

/** LSTM, GRU and SimpleRNN. */
export const recurrent = (kind: RecurrentOperator['kind']) => (call: LayerCall) => {
  const { config } = call;
  const backwards = config.go_backwards === true;
  const y = cells(call, [{ kind, config }], [''], backwards ? 'reverse' : 'forward');
  if (config.return_sequences !== true) return call.node('Squeeze', [y, call.ints('axis', [0])], {}, 'last');
  const steps = call.node('Squeeze', [y, call.ints('axis', [1])], {}, 'steps');
  return call.node(
    'Transpose',
    [backwards ? reversed(call, steps) : steps],
    { perm: [1, 0, 2] },
    'batch_first',
  );
};

/** A layer that goes backwards gives out its last step first. */
function reversed(call: LayerCall, steps: string): string {
  const part = (name: string, value: number) => call.ints(name, [value]);
  const all = [part('from', -1), part('to', Number.MIN_SAFE_INTEGER), part('steps_axis', 0), part('by', -1)];
  return call.node('Slice', [steps, ...all], {}, 'reverse');
}

export function bidirectional(call: LayerCall<BidirectionalConfig>): string {
  const [forward, backward] = directionsOf(call.config);
  const mode = call.config.merge_mode;
  const isUsual = forward.kind === backward.kind && backward.config.go_backwards === true;
  if (!isUsual || forward.config.go_backwards === true || mode === null || call.inputs.length > 1)
    throw call.refused(t('its directions are not one forwards and one backwards that are merged'));
  const y = cells(call, [forward, backward], ['forward_layer/', 'backward_layer/'], 'bidirectional');
  const sequence = forward.config.return_sequences === true;
  const perm = sequence ? [2, 0, 1, 3] : [1, 0, 2];
  const turned = call.node('Transpose', [y], { perm }, 'batch_first');
  if (mode === 'concat') {
    const width = 2 * Number(forward.config.units);
    return call.node(
      'Reshape',
      [turned, call.ints('joined', sequence ? [0, 0, width] : [0, width])],
      {},
      'join',
    );
  }
  const axis = sequence ? 2 : 1;
  // In this version ReduceSum takes its axes as an input, and ReduceMean as an attribute.
  if (mode === 'sum')
    return call.node('ReduceSum', [turned, call.ints('axis', [axis])], { keepdims: 0 }, 'merge');
  if (mode === 'ave') return call.node('ReduceMean', [turned], { axes: [axis], keepdims: 0 }, 'merge');
  const side = (place: number) =>
    call.node(
      'Gather',
      [turned, call.draft.holdInt(`${call.name}/side_${place}`, place)],
      { axis },
      `side_${place}`,
    );
  return call.node('Mul', [side(0), side(1)], {}, 'merge');
}

/** The operator for one or both directions: every step, or the last state where no sequence is asked for. */
function cells(
  call: LayerCall,
  sides: readonly InnerLayer[],
  places: readonly string[],
  direction: string,
): string {
  const [{ kind, config } = { kind: '', config: {} }] = sides;
  const operator = RECURRENT.find((one) => one.kind === kind);
  if (!operator) throw call.refused(t('ONNX has no {0}', kind));
  const units = Number(config.units);
  const { gates } = operator;
  const width = gates.length * units;
  const features = call.input.shape[2] ?? 0;
  const resetAfter = kind === 'GRU' && config.reset_after === true;
  const alike = (key: string) => sides.every((side) => side.config[key] === config[key]);
  if (!['units', 'use_bias', 'reset_after', 'return_sequences'].every(alike))
    throw call.refused(t('its two directions differ in more than their direction'));

  /** Blocks of `rows` numbers a gate, into ONNX's order of gates. */
  const held = (part: string, dims: readonly number[], read: (place: string) => Promise<Float32Array>) =>
    call.draft.hold(`${call.name}/${part}`, dims, async () => {
      const each = dims.slice(1).reduce((product, size) => product * size, 1);
      const values = new Float32Array(places.length * each);
      for (const [index, place] of places.entries()) values.set(await read(place), index * each);
      return values;
    });
  const matrix = (name: string, rows: number) => async (place: string) => {
    const stored = await call.weightNumbers(place + name);
    const values = new Float32Array(width * rows);
    gates.forEach((to, gate) => {
      for (let unit = 0; unit < units; unit++)
        for (let row = 0; row < rows; row++)
          values[(to * units + unit) * rows + row] = stored[row * width + gate * units + unit] ?? 0;
    });
    return values;
  };
  const bias = async (place: string) => {
    const stored = await call.weightNumbers(`${place}bias`);
    const values = new Float32Array(2 * width);
    stored.forEach((value, index) => {
      const [half, gate, unit] = [
        Math.floor(index / width),
        Math.floor((index % width) / units),
        index % units,
      ];
      values[half * width + (gates[gate] ?? 0) * units + unit] = value;
    });
    return values;
  };
  const directions = places.length;
  const x = call.node('Transpose', [call.input.name], { perm: [1, 0, 2] }, 'steps_first');
  const [, ...states] = call.inputs;
  const initial = states.map(({ name }, index) =>
    call.node('Unsqueeze', [name, call.ints(`state_axis_${index}`, [0])], {}, `state_${index}`),
  );
  const hasBias = config.use_bias === true;
  const inputs = [
    x,
    held('W', [directions, width, features], matrix('kernel', features)),
    held('R', [directions, width, units], matrix('recurrent_kernel', units)),
    ...(hasBias || initial.length > 0 ? [hasBias ? held('B', [directions, 2 * width], bias) : ''] : []),
    ...(initial.length > 0 ? ['', ...initial] : []),
  ];
  const attributes: Record<string, AttributeValue> = {
    hidden_size: units,
    direction,
    activations: sides.flatMap((side) => activationsOf(call, operator, side)),
    ...(resetAfter && { linear_before_reset: 1 }),
  };
  const sequence = config.return_sequences === true;
  const every = `${call.name}/every:0`;
  const last = `${call.name}/state:0`;
  call.draft.nodeOf(call.name, operator.op, inputs, attributes, sequence ? [every] : ['', last]);
  return sequence ? every : last;
}

function activationsOf(
  call: LayerCall,
  { gates, states }: RecurrentOperator,
  { config }: InnerLayer,
): readonly string[] {
  const nameOf = (activation: unknown): string => {
    const found = [...CELL_ACTIVATIONS].find(([, keras]) => keras === activation);
    if (found) return found[0];
    throw call.refused(t('nothing there computes {0} inside a cell', String(activation)));
  };
  const own = nameOf(config.activation);
  if (gates.length === 1) return [own];
  const gate = nameOf(config.recurrent_activation);
  return states === 2 ? [gate, own, own] : [gate, own];
}

export function multiHeadAttention(call: LayerCall<MultiHeadConfig>): string {
  const { config } = call;
  const { num_heads: heads, key_dim: keySize, value_dim: valueSize, use_bias: hasBias } = config;
  if (config.use_gate || config.sliding_window !== null || config.use_causal_mask)
    throw call.refused(t('it has a gate, a window or a causal mask'));
  if (config.return_attention_scores || (config.output_shape?.length ?? 1) > 1)
    throw call.refused(t('it gives out scores, or more axes than one'));
  if (config.call_inputs?.includes('attention_mask')) throw call.refused(t('it is fed a mask'));
  const roles = byRole(config.call_inputs, call.inputs);
  const project = (name: string, from: string, rows: number, columns: number): string => {
    const dims = [rows, columns];
    const kernel = call.weight(`${name}/kernel`, { dims, view: dims, strides: [columns, 1] });
    const product = call.node('MatMul', [from, kernel], {}, `${name}_product`);
    if (!hasBias) return product;
    const bias = call.weight(`${name}/bias`, { dims: [columns], view: [columns], strides: [1] });
    return call.node('Add', [product, bias], {}, `${name}_bias`);
  };
  /** (batch, heads, steps, size), or with the last two exchanged. */
  const split = (
    name: string,
    { name: from, shape }: Tensor,
    size: number,
    perm: readonly number[],
  ): string => {
    const projected = project(name, from, shape[2] ?? 0, heads * size);
    const apart = call.node(
      'Reshape',
      [projected, call.ints(`${name}_heads`, [0, 0, heads, size])],
      {},
      `${name}_apart`,
    );
    return call.node('Transpose', [apart], { perm }, `${name}_by_head`);
  };
  const query = split('query', roles.query, keySize, [0, 2, 1, 3]);
  const key = split('key', roles.key, keySize, [0, 2, 3, 1]);
  const value = split('value', roles.value, valueSize, [0, 2, 1, 3]);
  const scaled = call.node('Mul', [query, call.floats('scale', [], [1 / Math.sqrt(keySize)])], {}, 'scaled');
  const scores = call.node('MatMul', [scaled, key], {}, 'scores');
  const shares = call.node('Softmax', [scores], { axis: -1 }, 'softmax');
  const found = call.node('MatMul', [shares, value], {}, 'found');
  const turned = call.node('Transpose', [found], { perm: [0, 2, 1, 3] }, 'turned');
  const joined = call.node('Reshape', [turned, call.ints('joined', [0, 0, heads * valueSize])], {}, 'joined');
  return project('attention_output', joined, heads * valueSize, call.output[2] ?? 0);
}
