import { activation } from './activations';
import { configSchema, type ConfigOf } from './config';
import { count, dataFormat, flag, sizes, word } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import {
  coarsening,
  joinSpatial,
  knownChannels,
  positions,
  slide,
  splitSpatial,
  type Padding,
} from './spatial';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

export const CONVOLUTION_RENAMES = {
  nb_filter: 'filters',
  filter_length: 'kernel_size',
  subsample: 'strides',
  subsample_length: 'strides',
  border_mode: 'padding',
  bias: 'use_bias',
  init: 'kernel_initializer',
  atrous_rate: 'dilation_rate',
};

/** Keras refuses both at once, and no engine computes it. */
export function strideOrDilation(config: {
  strides?: unknown;
  dilation_rate?: unknown;
}): Record<string, string> {
  const { strides, dilation_rate: dilation } = config;
  return isAboveOne(strides) && isAboveOne(dilation)
    ? { dilation_rate: t('found {0}, expected 1 where strides are above 1', JSON.stringify(dilation)) }
    : {};
}

const isAboveOne = (value: unknown): boolean =>
  Array.isArray(value) && value.some((size: number) => size > 1);

function convolutionSchema(rank: number) {
  const paddings: readonly [Padding, ...Padding[]] =
    rank === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same'];
  return configSchema(
    {
      filters: count(),
      kernel_size: sizes(rank),
      strides: sizes(rank).default(Array.from({ length: rank }, () => 1)),
      padding: word<Padding>(...paddings).default('valid'),
      data_format: dataFormat(),
      dilation_rate: sizes(rank).default(Array.from({ length: rank }, () => 1)),
      groups: count().default(1),
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
      check: (config) => ({ ...strideOrDilation(config), ...filtersInGroups(config) }),
    },
  );
}

function filtersInGroups({
  filters,
  groups,
}: {
  filters?: unknown;
  groups?: unknown;
}): Record<string, string> {
  return typeof filters === 'number' && typeof groups === 'number' && filters % groups !== 0
    ? { groups: t('found {0}, expected a divisor of the {1} filters', groups, filters) }
    : {};
}

export type ConvolutionConfig = ConfigOf<ReturnType<typeof convolutionSchema>>;

/** A kernel of `[...kernel_size, channels / groups, filters]`, slid over `rank` spatial axes. */
function convolution(rank: number): LayerKind<ConvolutionConfig> {
  return {
    name: `Conv${rank}D`,
    family: 'convolution',
    schema: convolutionSchema(rank),
    arity: [1, 1],
    weights(config, [input]) {
      const channels = knownChannels(input, splitSpatial(input, rank, config.data_format));
      if (channels % config.groups !== 0) {
        throw new ShapeMismatch(showShape(input), t('channels that {0} groups divide', config.groups));
      }
      const shape = [...config.kernel_size, channels / config.groups, config.filters];
      const kernel = parameter('kernel', shape, config.kernel_initializer);
      return config.use_bias
        ? [kernel, parameter('bias', [config.filters], config.bias_initializer)]
        : [kernel];
    },
    outputs(config, [input]) {
      const { batch, space } = splitSpatial(input, rank, config.data_format);
      const output = slide(input, space, {
        size: config.kernel_size,
        strides: config.strides,
        padding: config.padding,
        dilation: config.dilation_rate,
      });
      return [joinSpatial({ batch, space: output, channels: config.filters }, config.data_format)];
    },
    flops(config, [input], [output]) {
      const { channels } = splitSpatial(input, rank, config.data_format);
      const perNumber = positions(config.kernel_size) * ((channels ?? 1) / config.groups);
      return sampleSize(output) * (2 * perNumber + (config.use_bias ? 1 : 0));
    },
    stride: (config) => coarsening(config.strides),
  };
}

export const conv1d = convolution(1);
export const conv2d = convolution(2);
export const conv3d = convolution(3);
