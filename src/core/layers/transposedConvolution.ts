import { activation } from './activations';
import { configSchema, type ConfigOf } from './config';
import { CONVOLUTION_RENAMES, strideOrDilation } from './convolution';
import { count, dataFormat, flag, nullable, sizes, word } from './fields';
import type { LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { joinSpatial, knownChannels, positions, splitSpatial } from './spatial';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

const ones = (rank: number) => Array.from({ length: rank }, () => 1);

const schemaOf = (rank: number) =>
  configSchema(
    {
      filters: count(),
      kernel_size: sizes(rank),
      strides: sizes(rank).default(ones(rank)),
      padding: word('valid', 'same').default('valid'),
      output_padding: nullable(sizes(rank, 0)),
      data_format: dataFormat(),
      dilation_rate: sizes(rank).default(ones(rank)),
      activation: activation(),
      use_bias: flag().default(true),
      kernel_initializer: initializer('GlorotUniform'),
      bias_initializer: initializer('Zeros'),
      kernel_regularizer: regularizer(),
      bias_regularizer: regularizer(),
      activity_regularizer: regularizer(),
      kernel_constraint: constraint(),
      bias_constraint: constraint(),
    },
    {
      renamed: CONVOLUTION_RENAMES,
      only: { groups: 1 },
      check: (config) => ({ ...strideOrDilation(config), ...paddingBelowStride(config) }),
    },
  );

export type TransposedConvolutionConfig = ConfigOf<ReturnType<typeof schemaOf>>;

/** The gradient of a convolution as a layer: kernel `[...kernel_size, filters, channels]`. */
function transposedConvolution(rank: number): LayerKind<TransposedConvolutionConfig> {
  return {
    name: `Conv${rank}DTranspose`,
    family: 'convolution',
    schema: schemaOf(rank),
    arity: [1, 1],
    weights(config, [input]) {
      const channels = knownChannels(input, splitSpatial(input, rank, config.data_format));
      const shape = [...config.kernel_size, config.filters, channels];
      const kernel = parameter('kernel', shape, config.kernel_initializer);
      return config.use_bias
        ? [kernel, parameter('bias', [config.filters], config.bias_initializer)]
        : [kernel];
    },
    outputs(config, [input]) {
      const { batch, space } = splitSpatial(input, rank, config.data_format);
      const output = space.map((size, axis) => size && spreadSize(size, axis, config));
      return [joinSpatial({ batch, space: output, channels: config.filters }, config.data_format)];
    },
    /** Each number of the input is spread over a window of every filter. */
    flops(config, [input], [output]) {
      const multiplyAdds = sampleSize(input) * positions(config.kernel_size) * config.filters;
      return 2 * multiplyAdds + (config.use_bias ? sampleSize(output) : 0);
    },
    stride: ({ strides }) => 1 / Math.max(...strides),
  };
}

export const conv1dTranspose = transposedConvolution(1);
export const conv2dTranspose = transposedConvolution(2);
export const conv3dTranspose = transposedConvolution(3);

/** Source: keras.backend.common.backend_utils, _get_output_shape_given_tf_padding. */
function spreadSize(size: number, axis: number, config: TransposedConvolutionConfig): number {
  const stride = config.strides[axis];
  const reach = config.dilation_rate[axis] * (config.kernel_size[axis] - 1) + 1;
  const extra = config.output_padding?.[axis];
  if (config.padding === 'valid')
    return (size - 1) * stride + reach + (extra ?? Math.max(reach, stride) - reach);
  return extra === undefined ? size * stride : (size - 1) * stride + (reach % 2) + extra;
}

function paddingBelowStride(config: { output_padding?: unknown; strides?: unknown }): Record<string, string> {
  const { output_padding: padding, strides } = config;
  return Array.isArray(padding) &&
    Array.isArray(strides) &&
    padding.some((size, axis) => size >= strides[axis])
    ? {
        output_padding: t(
          'found {0}, expected below the strides {1}',
          JSON.stringify(padding),
          JSON.stringify(strides),
        ),
      }
    : {};
}
