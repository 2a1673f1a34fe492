import { activation } from './activations';
import { configSchema, type ConfigOf } from './config';
import { CONVOLUTION_RENAMES } from './convolution';
import { count, dataFormat, flag, sizes, word } from './fields';
import type { LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { coarsening, joinSpatial, knownChannels, positions, slide, splitSpatial } from './spatial';
import { parameter, sampleSize } from './weightSpec';

const ones = (rank: number) => Array.from({ length: rank }, () => 1);

const depthwiseFields = (rank: number) => ({
  depth_multiplier: count().default(1),
  kernel_size: sizes(rank),
  strides: sizes(rank).default(ones(rank)),
  padding: word('valid', 'same').default('valid'),
  data_format: dataFormat(),
  dilation_rate: sizes(rank).default(ones(rank)),
  activation: activation(),
  use_bias: flag().default(true),
  depthwise_initializer: initializer('GlorotUniform'),
  bias_initializer: initializer('Zeros'),
  depthwise_regularizer: regularizer(),
  bias_regularizer: regularizer(),
  activity_regularizer: regularizer(),
  depthwise_constraint: constraint(),
  bias_constraint: constraint(),
});

/** Keys that Keras 2 inherited from Conv2D and never read. */
const inherited = ['groups', 'kernel_initializer', 'kernel_regularizer', 'kernel_constraint'];

const depthwiseSchema = (rank: number) =>
  configSchema(depthwiseFields(rank), {
    renamed: CONVOLUTION_RENAMES,
    inert: [...inherited, 'filters'],
  });
const separableSchema = (rank: number) =>
  configSchema(
    {
      filters: count(),
      ...depthwiseFields(rank),
      pointwise_initializer: initializer('GlorotUniform'),
      pointwise_regularizer: regularizer(),
      pointwise_constraint: constraint(),
    },
    { renamed: CONVOLUTION_RENAMES, inert: inherited },
  );

export type DepthwiseConfig = ConfigOf<ReturnType<typeof depthwiseSchema>>;
export type SeparableConfig = ConfigOf<ReturnType<typeof separableSchema>>;

function windowOf(config: Pick<DepthwiseConfig, 'kernel_size' | 'strides' | 'padding' | 'dilation_rate'>) {
  const { kernel_size: size, strides, padding, dilation_rate: dilation } = config;
  return { size, strides, padding, dilation };
}

/** Each channel has its own `depth_multiplier` filters. */
function depthwiseConvolution(rank: number): LayerKind<DepthwiseConfig> {
  return {
    name: `DepthwiseConv${rank}D`,
    family: 'convolution',
    schema: depthwiseSchema(rank),
    arity: [1, 1],
    weights(config, [input]) {
      const channels = knownChannels(input, splitSpatial(input, rank, config.data_format));
      const multiplier = config.depth_multiplier;
      const kernel = parameter(
        'kernel',
        [...config.kernel_size, channels, multiplier],
        config.depthwise_initializer,
      );
      const bias = parameter('bias', [channels * multiplier], config.bias_initializer);
      return config.use_bias ? [kernel, bias] : [kernel];
    },
    outputs(config, [input]) {
      const { batch, space, channels } = splitSpatial(input, rank, config.data_format);
      const output = slide(input, space, windowOf(config));
      const features = channels && channels * config.depth_multiplier;
      return [joinSpatial({ batch, space: output, channels: features }, config.data_format)];
    },
    flops(config, _inputs, [output]) {
      return sampleSize(output) * (2 * positions(config.kernel_size) + (config.use_bias ? 1 : 0));
    },
    stride: (config) => coarsening(config.strides),
  };
}

/** A depthwise convolution, then a convolution of one point that mixes the channels. */
function separableConvolution(rank: number): LayerKind<SeparableConfig> {
  return {
    name: `SeparableConv${rank}D`,
    family: 'convolution',
    schema: separableSchema(rank),
    arity: [1, 1],
    weights(config, [input]) {
      const channels = knownChannels(input, splitSpatial(input, rank, config.data_format));
      const { depth_multiplier: multiplier, filters } = config;
      const kernels = [
        parameter(
          'depthwise_kernel',
          [...config.kernel_size, channels, multiplier],
          config.depthwise_initializer,
        ),
        parameter(
          'pointwise_kernel',
          [...ones(rank), channels * multiplier, filters],
          config.pointwise_initializer,
        ),
      ];
      return config.use_bias ? [...kernels, parameter('bias', [filters], config.bias_initializer)] : kernels;
    },
    outputs(config, [input]) {
      const { batch, space } = splitSpatial(input, rank, config.data_format);
      const output = slide(input, space, windowOf(config));
      return [joinSpatial({ batch, space: output, channels: config.filters }, config.data_format)];
    },
    flops(config, [input], [output]) {
      const { channels } = splitSpatial(input, rank, config.data_format);
      const { space } = splitSpatial(output, rank, config.data_format);
      const between = (channels ?? 1) * config.depth_multiplier;
      const depthwise = 2 * positions(space) * between * positions(config.kernel_size);
      return depthwise + sampleSize(output) * (2 * between + (config.use_bias ? 1 : 0));
    },
    stride: (config) => coarsening(config.strides),
  };
}

export const depthwiseConv1d = depthwiseConvolution(1);
export const depthwiseConv2d = depthwiseConvolution(2);
export const separableConv1d = separableConvolution(1);
export const separableConv2d = separableConvolution(2);
