import type * as activation from '../../../core/layers/activation';
import type { DenseConfig } from '../../../core/layers/dense';
import type { ConcatenateConfig } from '../../../core/layers/merging';
import type { BatchNormalizationConfig } from '../../../core/layers/normalization';
import type { NormalizationConfig, Numbers, RescalingConfig } from '../../../core/layers/preprocessing';
import type { PermuteConfig, ReshapeConfig } from '../../../core/layers/reshaping';
import { t } from '../../../l10n/translate';
import { gather, rowMajorStrides } from '../../strides';
import { activate, clip } from './activations';
import type { LayerCall } from './draft';
import { overSpace } from './space';

/** What Keras calls `backend.epsilon()`. */
const EPSILON = 1e-7;

/** Where an axis of the layer graph is in the file. */
export function placeOfAxis(call: LayerCall, axis: number): number {
  const rank = call.input.shape.length;
  const at = axis < 0 ? axis + rank : axis;
  return rank === 4 ? ([0, 2, 3, 1][at] ?? 0) : at;
}

export const same = (call: LayerCall): string => call.node('Identity', [call.input.name]);

export function dense(call: LayerCall<DenseConfig>): string {
  const { use_bias: hasBias } = call.config;
  const rank = call.input.shape.length;
  const bias = hasBias ? [call.weight('bias')] : [];
  if (rank === 2) {
    const y = call.node('Gemm', [call.input.name, call.weight('kernel'), ...bias]);
    return activate(call, call.config.activation, y, 'activation');
  }
  const x = call.draft.toLast(call.name, call.input);
  const product = call.node('MatMul', [x, call.weight('kernel')]);
  const sum = hasBias ? call.node('Add', [product, ...bias], {}, 'bias') : product;
  return activate(call, call.config.activation, call.draft.toFirst(call.name, sum, rank), 'activation');
}

export function batchNormalization(call: LayerCall<BatchNormalizationConfig>): string {
  const { axis, epsilon, momentum, scale, center } = call.config;
  const rank = call.input.shape.length;
  const at = axis < 0 ? axis + rank : axis;
  const channels = call.input.shape[at] ?? 0;
  const filled = (name: string, value: number) =>
    call.floats(name, [channels], new Array<number>(channels).fill(value));
  const weights = [
    scale ? call.weight('gamma') : filled('gamma', 1),
    center ? call.weight('beta') : filled('beta', 0),
    call.weight('moving_mean'),
    call.weight('moving_variance'),
  ];
  const attributes = { epsilon: { float: epsilon }, momentum: { float: momentum } };
  const normalize = (x: string) => call.node('BatchNormalization', [x, ...weights], attributes);
  if (at === rank - 1 && rank > 2) return overSpace(call, normalize);
  if (rank === 2) return normalize(call.input.name);
  const order = [0, at, ...call.input.shape.keys()].filter((one, index, all) => all.indexOf(one) === index);
  const x = call.draft.toLast(call.name, call.input);
  const y = normalize(call.node('Transpose', [x], { perm: order }, 'channels_first'));
  const back = order.map((_, one) => order.indexOf(one));
  return call.draft.toFirst(call.name, call.node('Transpose', [y], { perm: back }, 'back'), rank);
}

export const activationLayer = (call: LayerCall<activation.ActivationConfig>): string => {
  const y = activate(call, call.config.activation, call.input.name, undefined);
  return y === call.input.name ? same(call) : y;
};

export function relu(call: LayerCall<activation.ReluConfig>): string {
  const { max_value: most, negative_slope: slope, threshold } = call.config;
  const x = call.input.name;
  if (threshold !== 0 || (slope !== 0 && most !== null))
    throw call.refused(t('it has a threshold, or a slope and a limit'));
  if (slope !== 0) return call.node('LeakyRelu', [x], { alpha: { float: slope } });
  return most === null ? call.node('Relu', [x]) : clip(call, x, most, undefined);
}

export const leakyRelu = (call: LayerCall<activation.LeakyReluConfig>): string =>
  call.node('LeakyRelu', [call.input.name], { alpha: { float: call.config.negative_slope } });

export const elu = (call: LayerCall<activation.EluConfig>): string =>
  call.node('Elu', [call.input.name], { alpha: { float: call.config.alpha } });

export function prelu(call: LayerCall): string {
  const shape = call.layer.weights.find(({ name }) => name === 'alpha')?.shape ?? [];
  if (shape.length !== 3) return call.node('PRelu', [call.input.name, call.weight('alpha')]);
  const strides = rowMajorStrides(shape);
  const order = [2, 0, 1];
  const dims = order.map((axis) => shape[axis] ?? 1);
  const alpha = call.weight('alpha', { dims, view: dims, strides: order.map((axis) => strides[axis] ?? 1) });
  return call.node('PRelu', [call.input.name, alpha]);
}

export const softmax = (call: LayerCall<activation.SoftmaxConfig>): string =>
  call.node('Softmax', [call.input.name], { axis: placeOfAxis(call, call.config.axis) });

/** In training something happens to the numbers; in use nothing does. */
export function dropout(call: LayerCall): string {
  const { rate } = call.config;
  const ratio = call.floats('rate', [], [typeof rate === 'number' ? rate : 0.5]);
  return call.node('Dropout', [call.input.name, ratio]);
}

function namesOfAlike(call: LayerCall): readonly string[] {
  const ranks = new Set(call.inputs.map(({ shape }) => shape.length));
  if (ranks.size > 1) throw call.refused(t('its inputs differ in their number of axes'));
  return call.inputs.map(({ name }) => name);
}

/** An operator of any number of inputs. */
export const merge =
  (op: string) =>
  (call: LayerCall): string => {
    const names = namesOfAlike(call);
    return names.length === 1 ? same(call) : call.node(op, names);
  };

/** An operator of two inputs, one after the other. */
export const chain =
  (op: string) =>
  (call: LayerCall): string => {
    const [first = '', ...rest] = namesOfAlike(call);
    if (rest.length === 0) return same(call);
    return rest.reduce(
      (sum, name, index) => call.node(op, [sum, name], {}, index === 0 ? undefined : `${index}`),
      first,
    );
  };

export const concatenate = (call: LayerCall<ConcatenateConfig>): string =>
  call.node('Concat', namesOfAlike(call), { axis: placeOfAxis(call, call.config.axis) });

/** Whichever way round its input is, the channels come last in what it makes. */
export function flatten(call: LayerCall): string {
  const { shape } = call.input;
  const x = call.draft.toLast(call.name, call.input);
  const isFirst = call.config.data_format === 'channels_first' && shape.length > 2;
  const order = [0, ...shape.slice(2).map((_, axis) => axis + 2), 1];
  const last = isFirst ? call.node('Transpose', [x], { perm: order }, 'channels_last') : x;
  return call.node('Flatten', [last], { axis: 1 });
}

/** A size of 0 keeps that of the batch. */
export function reshape(call: LayerCall<ReshapeConfig>): string {
  const target = call.ints('shape', [0, ...call.config.target_shape]);
  const y = call.node('Reshape', [call.draft.toLast(call.name, call.input), target]);
  return call.draft.toFirst(call.name, y, call.output.length);
}

export function permute(call: LayerCall<PermuteConfig>): string {
  const x = call.draft.toLast(call.name, call.input);
  const y = call.node('Transpose', [x], { perm: [0, ...call.config.dims] });
  return call.draft.toFirst(call.name, y, call.output.length);
}

export function rescaling(call: LayerCall<RescalingConfig>): string {
  const scaled = call.node('Mul', [call.input.name, constant(call, 'scale', call.config.scale)]);
  return call.node('Add', [scaled, constant(call, 'offset', call.config.offset)], {}, 'shift');
}

/** Numbers that stretch over the layer graph's last axes, put to stretch over the file's. */
function constant(call: LayerCall, part: string, numbers: Numbers): string {
  const dims: number[] = [];
  for (let at = numbers; typeof at !== 'number'; at = at[0] ?? 0) dims.push(at.length);
  const values = flat(numbers);
  const rank = call.input.shape.length;
  if (dims.length > rank) throw call.refused(t('its {0} has more axes than its input', part));
  if (rank !== 4 || dims.length === 0) return call.floats(part, dims, values);
  const sizes = [...new Array<number>(rank - dims.length).fill(1), ...dims];
  const order = [0, 3, 1, 2];
  const strides = rowMajorStrides(sizes);
  const moved = order.map((axis) => sizes[axis] ?? 1);
  const placed = gather(
    Float32Array.from(values),
    moved,
    order.map((axis) => strides[axis] ?? 1),
  );
  return call.floats(part, moved, Array.from(placed));
}

/** Statistics of each channel, adapted or given. */
export function normalization(call: LayerCall<NormalizationConfig>): string {
  const { axis, mean, variance, invert } = call.config;
  const rank = call.input.shape.length;
  if (invert || axis.length !== 1 || (axis[0] !== -1 && axis[0] !== rank - 1)) {
    throw call.refused(t('it works along other axes than the last, or backwards'));
  }
  const channels = call.input.shape[rank - 1] ?? 1;
  const dims = rank === 4 ? [channels, 1, 1] : [channels];
  const statistic = (name: string, given: Numbers | null, change: (value: number) => number) =>
    call.draft.hold(`${call.name}/${name}`, dims, async () => {
      const found = given === null ? Array.from(await call.weightNumbers(name)) : flat(given);
      return Float32Array.from({ length: channels }, (_, index) =>
        change(found[found.length === 1 ? 0 : index] ?? 0),
      );
    });
  const centred = call.node('Sub', [call.input.name, statistic('mean', mean, (value) => value)]);
  const deviation = statistic('variance', variance, (value) => Math.max(Math.sqrt(value), EPSILON));
  return call.node('Div', [centred, deviation], {}, 'divide');
}

function flat(numbers: Numbers): readonly number[] {
  return typeof numbers === 'number' ? [numbers] : numbers.flatMap(flat);
}
