import type * as activation from '../../../core/layers/activation';
import type { DenseConfig } from '../../../core/layers/dense';
import type { ConcatenateConfig } from '../../../core/layers/merging';
import type { BatchNormalizationConfig, LayerNormalizationConfig } from '../../../core/layers/normalization';
import type { GlobalPoolingConfig, PoolingConfig } from '../../../core/layers/pooling';
import type { NormalizationConfig, Numbers, RescalingConfig } from '../../../core/layers/preprocessing';
import type { CroppingConfig, UpSamplingConfig, ZeroPaddingConfig } from '../../../core/layers/resizing';
import type { PermuteConfig, ReshapeConfig } from '../../../core/layers/reshaping';
import { gather, rowMajorStrides } from '../../strides';
import { activate, clip } from './activations';
import type { LayerCall } from './draft';

/** The end of a slice that cuts nothing off. */
const TO_THE_END = Number.MAX_SAFE_INTEGER;

/** What Keras calls `backend.epsilon()`. */
const EPSILON = 1e-7;

/** Where an axis of the layer graph is in the file. */
function placeOfAxis(call: LayerCall, axis: number): number {
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
  if ((axis !== -1 && axis !== rank - 1) || (rank !== 2 && rank !== 4)) {
    throw call.refused(
      `it works along axis ${axis} of ${rank}, only images and vectors along the last are written`,
    );
  }
  const channels = call.input.shape[rank - 1] ?? 0;
  const filled = (name: string, value: number) =>
    call.floats(name, [channels], new Array<number>(channels).fill(value));
  const weights = [
    scale ? call.weight('gamma') : filled('gamma', 1),
    center ? call.weight('beta') : filled('beta', 0),
    call.weight('moving_mean'),
    call.weight('moving_variance'),
  ];
  const attributes = { epsilon: { float: epsilon }, momentum: { float: momentum } };
  return call.node('BatchNormalization', [call.input.name, ...weights], attributes);
}

export function layerNormalization(call: LayerCall<LayerNormalizationConfig>): string {
  const { axis, epsilon, scale, center } = call.config;
  const rank = call.input.shape.length;
  if (axis.length !== 1 || (axis[0] !== -1 && axis[0] !== rank - 1)) {
    throw call.refused('it works along other axes than the last');
  }
  const features = call.input.shape[rank - 1] ?? 0;
  const gamma = scale
    ? call.weight('gamma')
    : call.floats('gamma', [features], new Array<number>(features).fill(1));
  const x = call.draft.toLast(call.name, call.input);
  const inputs = center ? [x, gamma, call.weight('beta')] : [x, gamma];
  const y = call.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } });
  return call.draft.toFirst(call.name, y, rank);
}

/** Padding takes no part in averages, as in Keras. */
export const pool =
  (op: 'MaxPool' | 'AveragePool') =>
  (call: LayerCall<PoolingConfig>): string =>
    call.node(op, [call.input.name], {
      kernel_shape: call.config.pool_size,
      strides: call.config.strides,
      auto_pad: call.config.padding === 'same' ? 'SAME_UPPER' : 'VALID',
    });

export const globalPool =
  (op: 'GlobalMaxPool' | 'GlobalAveragePool') =>
  (call: LayerCall<GlobalPoolingConfig>): string => {
    const y = call.node(op, [call.input.name]);
    return call.config.keepdims ? y : call.node('Flatten', [y], { axis: 1 }, 'flatten');
  };

export const activationLayer = (call: LayerCall<activation.ActivationConfig>): string => {
  const y = activate(call, call.config.activation, call.input.name, undefined);
  return y === call.input.name ? same(call) : y;
};

export function relu(call: LayerCall<activation.ReluConfig>): string {
  const { max_value: most, negative_slope: slope, threshold } = call.config;
  const x = call.input.name;
  if (threshold !== 0 || (slope !== 0 && most !== null))
    throw call.refused('it has a threshold, or a slope and a limit');
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
  if (ranks.size > 1) throw call.refused('its inputs differ in their number of axes');
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

export const flatten = (call: LayerCall): string =>
  call.node('Flatten', [call.draft.toLast(call.name, call.input)], { axis: 1 });

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

export function zeroPadding2d(call: LayerCall<ZeroPaddingConfig>): string {
  const [[top, bottom], [left, right]] = call.config.padding;
  const pads = call.ints('pads', [0, 0, top, left, 0, 0, bottom, right]);
  return call.node('Pad', [call.input.name, pads], { mode: 'constant' });
}

export function cropping2d(call: LayerCall<CroppingConfig>): string {
  const [[top, bottom], [left, right]] = call.config.cropping;
  const ends = [bottom, right].map((cut) => (cut === 0 ? TO_THE_END : -cut));
  const inputs = [call.ints('starts', [top, left]), call.ints('ends', ends), call.ints('axes', [2, 3])];
  return call.node('Slice', [call.input.name, ...inputs]);
}

export function upSampling2d(call: LayerCall<UpSamplingConfig>): string {
  const { size, interpolation } = call.config;
  if (interpolation !== 'nearest' && interpolation !== 'bilinear') {
    throw call.refused(`nothing there interpolates by ${interpolation} as Keras does`);
  }
  const attributes: Readonly<Record<string, string>> =
    interpolation === 'nearest'
      ? { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
      : { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  const scales = call.floats('scales', [4], [1, 1, ...size]);
  return call.node('Resize', [call.input.name, '', scales], attributes);
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
  if (dims.length > rank) throw call.refused(`its ${part} has more axes than its input`);
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
    throw call.refused('it works along other axes than the last, or backwards');
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
