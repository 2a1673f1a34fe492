import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { computeLayer } from './computeLayer';

/**
 * Gradients of every kind that has one, through the tape, beside differences: the change of the output along a random
 * direction, in inputs and weights at once.
 */

interface Case {
  readonly kind: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly inputs: readonly (readonly number[])[];
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

const image = [[2, 5, 6, 3]];
const cases: readonly Case[] = [
  {
    kind: 'Dense',
    config: { units: 4, activation: 'tanh' },
    inputs: [[3, 5]],
    weights: { kernel: [5, 4], bias: [4] },
  },
  { kind: 'Dense', config: { units: 4 }, inputs: [[2, 3, 5]], weights: { kernel: [5, 4], bias: [4] } },
  {
    kind: 'Conv1D',
    config: { filters: 4, kernel_size: 3, padding: 'causal', dilation_rate: 2 },
    inputs: [[2, 7, 3]],
    weights: { kernel: [3, 3, 4], bias: [4] },
  },
  ...[{ strides: 1 }, { strides: 2 }, { dilation_rate: 2 }].flatMap((step): Case[] => [
    {
      kind: 'Conv2D',
      config: { filters: 4, kernel_size: 3, padding: 'same', ...step },
      inputs: image,
      weights: { kernel: [3, 3, 3, 4], bias: [4] },
    },
    {
      kind: 'DepthwiseConv2D',
      config: { kernel_size: [2, 3], depth_multiplier: 2, ...step },
      inputs: image,
      weights: { kernel: [2, 3, 3, 2], bias: [6] },
    },
  ]),
  {
    kind: 'Conv2D',
    config: { filters: 6, kernel_size: 3, groups: 3, use_bias: false },
    inputs: image,
    weights: { kernel: [3, 3, 1, 6] },
  },
  {
    kind: 'SeparableConv2D',
    config: { filters: 4, kernel_size: 3, strides: 2 },
    inputs: image,
    weights: { depthwise_kernel: [3, 3, 3, 1], pointwise_kernel: [1, 1, 3, 4], bias: [4] },
  },
  {
    kind: 'Conv2DTranspose',
    config: { filters: 2, kernel_size: 3, strides: 2, padding: 'same' },
    inputs: image,
    weights: { kernel: [3, 3, 2, 3], bias: [2] },
  },
  { kind: 'MaxPooling2D', config: { pool_size: 3, strides: 2, padding: 'same' }, inputs: image },
  { kind: 'MaxPooling2D', config: { pool_size: 1, strides: 2 }, inputs: image },
  { kind: 'MaxPooling1D', inputs: [[2, 7, 3]] },
  { kind: 'AveragePooling2D', config: { pool_size: 3, strides: 2, padding: 'same' }, inputs: image },
  { kind: 'AveragePooling1D', inputs: [[2, 7, 3]] },
  { kind: 'GlobalAveragePooling2D', inputs: image },
  { kind: 'GlobalMaxPooling2D', inputs: image },
  { kind: 'GlobalAveragePooling1D', inputs: [[2, 7, 3]] },
  { kind: 'GlobalMaxPooling1D', inputs: [[2, 7, 3]] },
  ...[{}, { axis: 1 }, { scale: false }, { center: false }].map((config: { axis?: number }): Case => {
    const channels = config.axis === 1 ? 5 : 3;
    const weights = { moving_mean: [channels], moving_variance: [channels] };
    return {
      kind: 'BatchNormalization',
      config,
      inputs: image,
      weights: {
        ...weights,
        ...('scale' in config ? {} : { gamma: [channels] }),
        ...('center' in config ? {} : { beta: [channels] }),
      },
    };
  }),
  { kind: 'LayerNormalization', inputs: [[4, 6]], weights: { gamma: [6], beta: [6] } },
  ...[
    'relu relu6 softmax sigmoid tanh elu selu softplus softsign silu gelu exponential hard_sigmoid leaky_relu mish log_softmax',
    'celu hard_silu hard_tanh hard_shrink soft_shrink tanh_shrink log_sigmoid squareplus sparse_plus sparse_sigmoid',
    'sparsemax glu hard_sigmoid_keras2',
  ]
    .flatMap((names) => names.split(' '))
    .map((activation): Case => ({ kind: 'Activation', config: { activation }, inputs: [[5, 6]] })),
  { kind: 'ReLU', config: { max_value: 1, negative_slope: 0.1, threshold: 0.2 }, inputs: [[5, 6]] },
  { kind: 'LeakyReLU', inputs: [[5, 6]] },
  { kind: 'ELU', config: { alpha: 0.4 }, inputs: [[5, 6]] },
  { kind: 'PReLU', config: { shared_axes: [1, 2] }, inputs: image, weights: { alpha: [1, 1, 3] } },
  { kind: 'Softmax', config: { axis: 1 }, inputs: image },
  ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum'].map((kind): Case => ({
    kind,
    inputs: [
      [2, 3, 4],
      [2, 3, 4],
      [2, 1, 4],
    ],
  })),
  {
    kind: 'Subtract',
    inputs: [
      [2, 4],
      [2, 4],
    ],
  },
  {
    kind: 'Concatenate',
    inputs: [
      [2, 3, 4],
      [2, 3, 1],
    ],
  },
  { kind: 'Flatten', inputs: image },
  { kind: 'Reshape', config: { target_shape: [6, -1] }, inputs: image },
  { kind: 'Permute', config: { dims: [3, 1, 2] }, inputs: image },
  { kind: 'ZeroPadding2D', inputs: image },
  { kind: 'Cropping2D', config: { cropping: 1 }, inputs: image },
  ...['nearest', 'bilinear', 'bicubic'].map((interpolation): Case => ({
    kind: 'UpSampling2D',
    config: { size: [2, 3], interpolation },
    inputs: image,
  })),
  { kind: 'Rescaling', config: { scale: 0.5, offset: 1 }, inputs: image },
];

const volume = [[2, 4, 5, 3, 2]];
const signal = [[2, 7, 3]];

/** Kinds over one and three axes, which are computed as images. */
const overOtherAxes: readonly Case[] = [
  ...[
    { padding: 'same', strides: 2 },
    { padding: 'valid', dilation_rate: [2, 1, 2] },
    { padding: 'same', groups: 2 },
  ].map((config): Case => {
    const channels = 'groups' in config ? 1 : 2;
    return {
      kind: 'Conv3D',
      config: { filters: 4, kernel_size: 2, ...config },
      inputs: volume,
      weights: { kernel: [2, 2, 2, channels, 4], bias: [4] },
    };
  }),
  ...[{ strides: 2, padding: 'same' }, { strides: 1 }].flatMap((config): Case[] => [
    {
      kind: 'Conv3DTranspose',
      config: { filters: 3, kernel_size: [3, 2, 2], ...config },
      inputs: volume,
      weights: { kernel: [3, 2, 2, 3, 2], bias: [3] },
    },
    {
      kind: 'Conv1DTranspose',
      config: { filters: 4, kernel_size: 3, ...config },
      inputs: signal,
      weights: { kernel: [3, 4, 3], bias: [4] },
    },
    {
      kind: 'DepthwiseConv1D',
      config: { kernel_size: 3, depth_multiplier: 2, ...config },
      inputs: signal,
      weights: { kernel: [3, 3, 2], bias: [6] },
    },
    {
      kind: 'SeparableConv1D',
      config: { filters: 4, kernel_size: 3, ...config },
      inputs: signal,
      weights: { depthwise_kernel: [3, 3, 1], pointwise_kernel: [1, 3, 4], bias: [4] },
    },
  ]),
  {
    kind: 'DepthwiseConv1D',
    config: { kernel_size: 2, dilation_rate: 2 },
    inputs: signal,
    weights: { kernel: [2, 3, 1], bias: [3] },
  },
  { kind: 'MaxPooling3D', config: { pool_size: [3, 2, 1], strides: 2, padding: 'same' }, inputs: volume },
  { kind: 'AveragePooling3D', config: { pool_size: 3, strides: 2, padding: 'same' }, inputs: volume },
  { kind: 'GlobalMaxPooling3D', inputs: volume },
  { kind: 'GlobalAveragePooling3D', inputs: volume },
  {
    kind: 'BatchNormalization',
    inputs: volume,
    weights: { gamma: [2], beta: [2], moving_mean: [2], moving_variance: [2] },
  },
  { kind: 'ZeroPadding1D', config: { padding: [1, 2] }, inputs: signal },
  { kind: 'ZeroPadding3D', inputs: volume },
  { kind: 'Cropping1D', config: { cropping: [1, 2] }, inputs: signal },
  {
    kind: 'Cropping3D',
    inputs: [[2, 4, 5, 3, 2]],
    config: {
      cropping: [
        [0, 1],
        [2, 0],
        [1, 1],
      ],
    },
  },
  { kind: 'UpSampling1D', config: { size: 3 }, inputs: signal },
  { kind: 'UpSampling3D', config: { size: [2, 1, 3] }, inputs: volume },
];

const others: readonly Case[] = [
  ...[{ groups: 3 }, { groups: -1, scale: false }, { groups: 2, axis: 1, center: false }].map(
    (config): Case => {
      const weights = {
        ...('scale' in config ? {} : { gamma: [6] }),
        ...('center' in config ? {} : { beta: [6] }),
      };
      return { kind: 'GroupNormalization', config, inputs: [[2, 6, 5, 6]], weights };
    },
  ),
  { kind: 'RMSNormalization', inputs: [[4, 6]], weights: { scale: [6] } },
  { kind: 'RMSNormalization', config: { axis: [1, 2] }, inputs: [[2, 3, 4]], weights: { scale: [3, 4] } },
  { kind: 'UnitNormalization', inputs: [[4, 6]] },
  {
    kind: 'Dot',
    config: { axes: [1, 2], normalize: true },
    inputs: [
      [2, 4, 3],
      [2, 5, 4],
    ],
  },
  { kind: 'RepeatVector', config: { n: 3 }, inputs: [[2, 4]] },
  { kind: 'Resizing', config: { height: 3, width: 9, interpolation: 'nearest' }, inputs: image },
  { kind: 'Resizing', config: { height: 3, width: 9, crop_to_aspect_ratio: true }, inputs: image },
  { kind: 'CenterCrop', config: { height: 3, width: 4 }, inputs: image },
  { kind: 'RandomFlip', inputs: image },
  {
    kind: 'LayerScale',
    config: { init_values: 0.1, projection_dim: 3 },
    inputs: image,
    weights: { gamma: [3] },
  },
  {
    kind: 'CustomScaleLayer',
    config: { scale: 0.2 },
    inputs: [
      [2, 3, 4],
      [2, 3, 4],
    ],
  },
  ...['Max', 'Average'].flatMap((what): Case[] => [
    { kind: `Adaptive${what}Pooling1D`, config: { output_size: 3 }, inputs: signal },
    { kind: `Adaptive${what}Pooling2D`, config: { output_size: [2, 4] }, inputs: image },
    { kind: `Adaptive${what}Pooling3D`, config: { output_size: [2, 2, 3] }, inputs: volume },
  ]),
  {
    kind: 'EinsumDense',
    config: { equation: 'abc,cde->aebd', output_shape: [4, null, 2], bias_axes: 'e', activation: 'tanh' },
    inputs: signal,
    weights: { kernel: [3, 2, 4], bias: [4, 1, 1] },
  },
  {
    kind: 'EinsumDense',
    config: { equation: 'abcd,bd->adb', output_shape: [3, 5] },
    inputs: image,
    weights: { kernel: [5, 3] },
  },
  { kind: 'Resizing', config: { height: 3, width: 9, interpolation: 'area' }, inputs: image },
  ...['valid', 'same'].flatMap((padding): Case[] => [
    {
      kind: 'Conv2DTranspose',
      config: { filters: 2, kernel_size: [3, 2], dilation_rate: [2, 3], padding },
      inputs: image,
      weights: { kernel: [3, 2, 2, 3], bias: [2] },
    },
    {
      kind: 'Conv1DTranspose',
      config: { filters: 2, kernel_size: 3, dilation_rate: 2, padding },
      inputs: signal,
      weights: { kernel: [3, 2, 3], bias: [2] },
    },
    {
      kind: 'Conv3DTranspose',
      config: { filters: 3, kernel_size: 2, dilation_rate: 2, padding },
      inputs: volume,
      weights: { kernel: [2, 2, 2, 3, 2], bias: [3] },
    },
  ]),
  {
    kind: 'SpectralNormalization',
    config: { layer: { kind: 'Dense', config: { units: 3 } } },
    inputs: [[2, 4]],
    weights: { 'layer/kernel': [4, 3], 'layer/bias': [3] },
  },
  {
    kind: 'RNN',
    config: {
      cell: {
        kind: 'StackedRNNCells',
        config: {
          cells: [
            { kind: 'LSTMCell', config: { units: 2 } },
            { kind: 'GRUCell', config: { units: 3 } },
          ],
        },
      },
      go_backwards: true,
    },
    inputs: [[2, 4, 3]],
    weights: {
      'cell/0/kernel': [3, 8],
      'cell/0/recurrent_kernel': [2, 8],
      'cell/0/bias': [8],
      'cell/1/kernel': [2, 9],
      'cell/1/recurrent_kernel': [3, 9],
      'cell/1/bias': [2, 9],
    },
  },
  ...recurrentCases(),
  {
    kind: 'Bidirectional',
    config: { layer: { kind: 'LSTM', config: { units: 2, return_sequences: true } }, merge_mode: 'mul' },
    inputs: [[2, 3, 4]],
    weights: {
      'forward_layer/kernel': [4, 8],
      'forward_layer/recurrent_kernel': [2, 8],
      'forward_layer/bias': [8],
      'backward_layer/kernel': [4, 8],
      'backward_layer/recurrent_kernel': [2, 8],
      'backward_layer/bias': [8],
    },
  },
  {
    kind: 'TimeDistributed',
    config: { layer: { kind: 'Dense', config: { units: 3 } } },
    inputs: [[2, 3, 4]],
    weights: { 'layer/kernel': [4, 3], 'layer/bias': [3] },
  },
  {
    kind: 'Attention',
    config: { use_scale: true, score_mode: 'concat' },
    inputs: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    weights: { scale: [], concat_score_weight: [] },
  },
  {
    kind: 'AdditiveAttention',
    inputs: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    weights: { scale: [4] },
  },
  {
    kind: 'MultiHeadAttention',
    config: { num_heads: 2, key_dim: 3, use_causal_mask: true, use_gate: true },
    inputs: [
      [2, 4, 3],
      [2, 4, 2],
    ],
    weights: {
      'query/kernel': [3, 2, 3],
      'query/bias': [2, 3],
      'key/kernel': [2, 2, 3],
      'key/bias': [2, 3],
      'gate/kernel': [3, 2, 3],
      'gate/bias': [2, 3],
      'value/kernel': [2, 2, 3],
      'value/bias': [2, 3],
      'attention_output/kernel': [2, 3, 3],
      'attention_output/bias': [3],
    },
  },
  {
    kind: 'GroupQueryAttention',
    config: { head_dim: 2, num_query_heads: 4, num_key_value_heads: 2, use_bias: false },
    inputs: [
      [2, 4, 3],
      [2, 3, 3],
    ],
    weights: {
      'query/kernel': [3, 4, 2],
      'key/kernel': [3, 2, 2],
      'value/kernel': [3, 2, 2],
      'attention_output/kernel': [4, 2, 3],
    },
  },
];

/** Each from its states on as well, and both ways of a GRU. */
function recurrentCases(): readonly Case[] {
  const units = 3;
  const sequence = { units, return_sequences: true };
  const weights = (gates: number, bias = [gates * units]) => ({
    kernel: [2, gates * units],
    recurrent_kernel: [units, gates * units],
    bias,
  });
  const state = [2, units];
  return [
    { kind: 'SimpleRNN', config: sequence, inputs: [[2, 4, 2], state], weights: weights(1) },
    { kind: 'LSTM', config: sequence, inputs: [[2, 4, 2], state, state], weights: weights(4) },
    { kind: 'LSTM', config: { units, go_backwards: true }, inputs: [[2, 4, 2]], weights: weights(4) },
    { kind: 'GRU', config: sequence, inputs: [[2, 4, 2], state], weights: weights(3, [2, 3 * units]) },
    {
      kind: 'GRU',
      config: { ...sequence, reset_after: false },
      inputs: [[2, 4, 2], state],
      weights: weights(3),
    },
    {
      kind: 'ConvLSTM2D',
      config: { filters: 2, kernel_size: 2, padding: 'same' },
      inputs: [[2, 3, 4, 5, 2]],
      weights: { kernel: [2, 2, 2, 8], recurrent_kernel: [2, 2, 2, 8], bias: [8] },
    },
    {
      kind: 'ConvLSTM3D',
      config: { filters: 2, kernel_size: 2 },
      inputs: [[2, 2, 3, 3, 4, 2]],
      weights: { kernel: [2, 2, 2, 2, 8], recurrent_kernel: [2, 2, 2, 2, 8], bias: [8] },
    },
  ];
}

const STEP = 2e-3;

/** The gradient of every trainable kind, on the engine that is open when the tests run. */
export function gradientTests(): void {
  it.each(
    [...cases, ...overOtherAxes, ...others].map(
      (one) => [`${one.kind} ${JSON.stringify(one.config ?? {})}`, one] as const,
    ),
  )('%s', (_title, one) => {
    const before = tf.memory().numTensors;
    const { slope, measured } = tf.tidy(() => measure(one));
    expect(tf.memory().numTensors).toBe(before);
    expect(Math.abs(slope)).toBeGreaterThan(0);
    expect(Math.abs(slope - measured) / Math.max(1, Math.abs(slope))).toBeLessThan(5e-3);
  });
}

/** The slope of a random weighing of the output along a random direction: by the tape, and by a central difference. */
function measure({ kind, config, inputs, weights = {} }: Case): { slope: number; measured: number } {
  let seed = 7;
  const normal = (shape: readonly number[]) => tf.randomNormal([...shape], 0, 1, 'float32', seed++);
  const names = Object.keys(weights).filter((name) => !name.startsWith('moving_'));
  const statistics = Object.fromEntries(
    Object.keys(weights)
      .filter((name) => name.startsWith('moving_'))
      .map((name) => [name, tf.ones([...weights[name]])]),
  );
  // Away from zero, where many kinds have a kink that no difference may step over.
  const clear = (values: tf.Tensor) => tf.add(values, tf.mul(tf.sign(values), 0.1));
  const point = [...inputs, ...names.map((name) => weights[name])].map(normal).map(clear);
  const direction = point.map(({ shape }) => normal(shape));
  const compute = (values: readonly tf.Tensor[]) => {
    const own = Object.fromEntries(names.map((name, index) => [name, values[inputs.length + index]]));
    const moved = new Map<string, tf.Tensor>();
    const fed = values.slice(0, inputs.length);
    const output = computeLayer(kind, config ?? {}, fed, { ...own, ...statistics }, 'training', moved);
    for (const value of moved.values()) value.dispose();
    return output;
  };
  const weighing = normal(compute(point).shape);
  const weigh = (...values: tf.Tensor[]) => tf.sum(tf.mul(compute(values), weighing)) as tf.Scalar;
  const gradients = tf.grads(weigh)(point);
  const slope = gradients.reduce(
    (sum, gradient, index) => sum + tf.sum(tf.mul(gradient, direction[index])).dataSync()[0],
    0,
  );
  const at = (step: number) =>
    weigh(...point.map((value, index) => tf.add(value, tf.mul(direction[index], step)))).dataSync()[0];
  return { slope, measured: (at(STEP) - at(-STEP)) / (2 * STEP) };
}
