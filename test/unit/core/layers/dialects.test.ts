import { describe, expect, it } from 'vitest';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';

const read = (kind: string, config: unknown) => normalizeConfig(kindNamed(kind)!, config);

/** What Keras 2 and 3 put around a configuration, which changes nothing. */
const KERAS_2 = { name: 'layer', trainable: true, dtype: 'float32', batch_input_shape: [null, 28, 28, 1] };
const KERAS_3 = {
  name: 'layer',
  trainable: false,
  dtype: {
    module: 'keras',
    class_name: 'DTypePolicy',
    config: { name: 'mixed_float16' },
    registered_name: null,
  },
};
const glorot2 = { class_name: 'GlorotUniform', config: { seed: null, dtype: 'float32' } };
const glorot3 = {
  module: 'keras.initializers',
  class_name: 'GlorotUniform',
  config: { seed: null, input_axes: null, output_axes: null },
  registered_name: null,
};

describe('the normal form of a configuration', () => {
  it('fills in the defaults of Keras 3', () => {
    expect(read('Conv2D', { filters: 8, kernel_size: 3 })).toMatchInlineSnapshot(`
      {
        "activation": "linear",
        "activity_regularizer": null,
        "bias_constraint": null,
        "bias_initializer": {
          "config": {},
          "kind": "Zeros",
        },
        "bias_regularizer": null,
        "data_format": "channels_last",
        "dilation_rate": [
          1,
          1,
        ],
        "filters": 8,
        "groups": 1,
        "kernel_constraint": null,
        "kernel_initializer": {
          "config": {},
          "kind": "GlorotUniform",
        },
        "kernel_regularizer": null,
        "kernel_size": [
          3,
          3,
        ],
        "padding": "valid",
        "strides": [
          1,
          1,
        ],
        "use_bias": true,
      }
    `);
    expect(read('BatchNormalization', {})).toMatchObject({ axis: -1, momentum: 0.99, epsilon: 0.001 });
    expect(read('LeakyReLU', {})).toEqual({ negative_slope: 0.3 });
    expect(read('MaxPooling2D', {})).toMatchObject({ pool_size: [2, 2], strides: [2, 2], padding: 'valid' });
    expect(read('UpSampling2D', {})).toMatchObject({ size: [2, 2], interpolation: 'nearest' });
  });

  it('is the same from Keras 1, 2 and 3', () => {
    const dense = { units: 4, activation: 'relu', use_bias: true };
    const keras3 = { ...KERAS_3, ...dense, kernel_initializer: glorot3, quantization_config: null };
    const expected = read('Dense', dense);
    expect(read('Dense', { ...KERAS_2, ...dense, kernel_initializer: glorot2 })).toEqual(expected);
    expect(read('Dense', keras3)).toEqual(expected);

    const conv = { filters: 8, kernel_size: [3, 3], strides: [2, 2], padding: 'same', use_bias: false };
    const keras1 = { nb_filter: 8, kernel_size: 3, subsample: [2, 2], border_mode: 'same', bias: false };
    expect(read('Conv2D', keras1)).toEqual(read('Conv2D', conv));
  });

  it('reads an axis that Keras 2 wrapped in a list', () => {
    expect(read('BatchNormalization', { axis: [3] })).toMatchObject({ axis: 3 });
    expect(read('BatchNormalization', { axis: { class_name: '__tuple__', items: [3] } })).toMatchObject({
      axis: 3,
    });
    expect(read('LayerNormalization', { axis: 2 })).toMatchObject({ axis: [2] });
  });

  it('keeps what each kind has of its own', () => {
    expect(read('LeakyReLU', { alpha: 0.1 })).toEqual({ negative_slope: 0.1 });
    expect(read('Dropout', { p: 0.4 })).toEqual({ rate: 0.4, seed: null, noise_shape: null });
    expect(
      read('Dropout', { rate: 0.4, seed: { class_name: 'SeedGenerator', config: { seed: 7 } } }),
    ).toMatchObject({
      seed: 7,
    });
    expect(read('Normalization', { axis: null })).toMatchObject({ axis: [] });
    expect(
      read('Rescaling', {
        scale: { class_name: '__numpy__', config: { value: [1, 2], dtype: 'float32' } },
        offset: 0,
      }),
    ).toEqual({ scale: [1, 2], offset: 0 });
    expect(
      read('DepthwiseConv2D', { kernel_size: 3, filters: null, kernel_initializer: glorot2 }),
    ).not.toHaveProperty('kernel_initializer');
  });

  it.each([
    [{ batch_input_shape: [null, 28, 28, 1], sparse: false, ragged: false }],
    [{ batch_shape: [null, 28, 28, 1], optional: false }],
    [{ shape: [28, 28, 1] }],
    [{ input_shape: [28, 28, 1], batch_size: null }],
  ])('reads an input from %j', (config) => {
    expect(read('InputLayer', config)).toEqual({ batch_shape: [null, 28, 28, 1], dtype: 'float32' });
  });

  it.each([
    ['relu', 'relu'],
    [null, 'linear'],
    ['swish', 'silu'],
    ['hardSigmoid', 'hard_sigmoid'],
    ['Softmax', 'softmax'],
    [{ module: 'builtins', class_name: 'function', config: 'relu6', registered_name: 'function' }, 'relu6'],
    [{ class_name: 'ReLU', config: { max_value: 6, negative_slope: 0, threshold: 0 } }, 'relu6'],
    [{ class_name: 'LeakyReLU', config: { alpha: 0.2 } }, 'leaky_relu'],
    [{ class_name: 'Activation', config: { activation: 'gelu' } }, 'gelu'],
  ])('reads the activation %j as %s', (written, name) => {
    expect(read('Activation', { activation: written })).toEqual({ activation: name });
  });

  it.each([
    ['he_normal', { kind: 'HeNormal', config: {} }],
    ['HeNormal', { kind: 'HeNormal', config: {} }],
    ['zero', { kind: 'Zeros', config: {} }],
    [
      { class_name: 'Constant', config: { value: 0.5 } },
      { kind: 'Constant', config: { value: 0.5 } },
    ],
    [
      {
        class_name: 'VarianceScaling',
        config: { scale: 1, mode: 'fan_avg', distribution: 'uniform', seed: null },
      },
      { kind: 'VarianceScaling', config: { scale: 1, mode: 'fan_avg', distribution: 'uniform' } },
    ],
    [
      { module: 'mine', class_name: 'Sinusoid', config: { period: 4 }, registered_name: 'mine>Sinusoid' },
      { kind: 'Sinusoid', config: { period: 4 } },
    ],
  ])('reads the initializer %j', (written, initializer) => {
    expect(read('Dense', { units: 1, kernel_initializer: written })).toMatchObject({
      kernel_initializer: initializer,
    });
  });

  it('reads regularizers and constraints', () => {
    const config = read('Dense', {
      units: 1,
      kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2: 0.01 } },
      bias_regularizer: 'l2',
      kernel_constraint: { class_name: 'MaxNorm', config: { max_value: 2, axis: 0 } },
    });
    expect(config).toMatchObject({
      kernel_regularizer: { kind: 'L1L2', config: { l1: 0, l2: 0.01 } },
      bias_regularizer: { kind: 'L2', config: {} },
      kernel_constraint: { kind: 'MaxNorm', config: { max_value: 2, axis: 0 } },
    });
  });

  it.each([
    // Keras 2.x, which always says it; 2.0 to 2.1.2 and Keras 1, which had nothing to say.
    [
      { units: 3, implementation: 2, reset_after: true, unroll: false, stateful: false, time_major: false },
      true,
    ],
    [{ units: 3, implementation: 1, recurrent_activation: 'hard_sigmoid' }, false],
    [{ output_dim: 3, inner_activation: 'hard_sigmoid', init: 'glorot_uniform', consume_less: 'cpu' }, false],
    [{ units: 3 }, true],
  ])('reads when the GRU %j resets', (written, resetAfter) => {
    expect(read('GRU', written)).toMatchObject({ units: 3, reset_after: resetAfter });
  });

  it('reads the LSTM of Keras 1', () => {
    const written = {
      output_dim: 4,
      init: 'glorot_uniform',
      inner_init: 'orthogonal',
      forget_bias_init: 'one',
      activation: 'tanh',
      inner_activation: 'hard_sigmoid',
      W_regularizer: null,
      U_regularizer: { name: 'L2', class_name: 'L2', config: { l2: 0.1 } },
      dropout_W: 0.2,
      dropout_U: 0.1,
      return_sequences: true,
      go_backwards: false,
      stateful: false,
      unroll: false,
      consume_less: 'gpu',
      input_dim: 6,
      input_length: null,
    };
    expect(read('LSTM', written)).toMatchObject({
      units: 4,
      recurrent_initializer: { kind: 'Orthogonal' },
      recurrent_activation: 'hard_sigmoid',
      unit_forget_bias: true,
      recurrent_regularizer: { kind: 'L2', config: { l2: 0.1 } },
      dropout: 0.2,
      recurrent_dropout: 0.1,
      return_sequences: true,
    });
  });

  it('reads a layer inside a layer, and nothing where the second is the first turned round', () => {
    const inner = (goBackwards: boolean) => ({
      class_name: 'LSTM',
      config: { name: 'forward_lstm', units: 3, go_backwards: goBackwards, return_sequences: true },
    });
    const config = read('Bidirectional', {
      layer: inner(false),
      backward_layer: inner(true),
      merge_mode: null,
    });
    expect(config).toMatchObject({
      layer: { kind: 'LSTM', config: { units: 3, zero_output_for_mask: true } },
      backward_layer: null,
      merge_mode: null,
    });
    const frozen = { class_name: 'Dense', config: { units: 2, trainable: false } };
    expect(() => read('TimeDistributed', { trainable: true, layer: frozen })).toThrow(/layer\.trainable/);
    const deep = Array.from({ length: 5000 }).reduce<Readonly<Record<string, unknown>>>(
      (layer) => ({ class_name: 'TimeDistributed', config: { layer } }),
      frozen,
    );
    expect(() => read('TimeDistributed', { layer: deep })).toThrow(/a layer of a known kind/);
  });
});
