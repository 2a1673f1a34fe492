import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { axis, flag, integers, number } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { parameter, sampleSize, statistic } from './weightSpec';
import { t } from '../../l10n/translate';

export const affineFields = {
  center: flag().default(true),
  scale: flag().default(true),
  beta_initializer: initializer('Zeros'),
  gamma_initializer: initializer('Ones'),
  beta_regularizer: regularizer(),
  gamma_regularizer: regularizer(),
  beta_constraint: constraint(),
  gamma_constraint: constraint(),
};

const batchSchema = configSchema(
  {
    axis: axis().default(-1),
    momentum: number(0, 1).default(0.99),
    epsilon: number(0).default(0.001),
    ...affineFields,
    moving_mean_initializer: initializer('Zeros'),
    moving_variance_initializer: initializer('Ones'),
  },
  {
    renamed: { beta_init: 'beta_initializer', gamma_init: 'gamma_initializer' },
    only: { renorm: false, mode: 0 },
    // Batches are never spread over devices here.
    inert: ['synchronized', 'renorm_momentum', 'fused'],
  },
);
const layerSchema = configSchema(
  {
    axis: integers(t('an axis or a list of them')).default([-1]),
    epsilon: number(0).default(0.001),
    ...affineFields,
  },
  { only: { rms_scaling: false } },
);

export type BatchNormalizationConfig = ConfigOf<typeof batchSchema>;
export type LayerNormalizationConfig = ConfigOf<typeof layerSchema>;

/** Standardizes by channel: with the batch's statistics in training, with the moving ones otherwise. */
export const batchNormalization: LayerKind<BatchNormalizationConfig> = {
  name: 'BatchNormalization',
  family: 'normalization',
  schema: batchSchema,
  arity: [1, 1],
  weights(config, [input]) {
    const shape = sizesAlong(input, [config.axis]);
    return [
      ...(config.scale ? [parameter('gamma', shape, config.gamma_initializer)] : []),
      ...(config.center ? [parameter('beta', shape, config.beta_initializer)] : []),
      statistic('moving_mean', shape, config.moving_mean_initializer),
      statistic('moving_variance', shape, config.moving_variance_initializer),
    ];
  },
  outputs(config, [input]) {
    resolveAxis(input, config.axis);
    return [input];
  },
  /** In inference: one multiplication and one addition a number. */
  flops: (_config, [input]) => 2 * sampleSize(input),
};

/** Standardizes each sample by itself along `axis`. */
export const layerNormalization: LayerKind<LayerNormalizationConfig> = {
  name: 'LayerNormalization',
  family: 'normalization',
  schema: layerSchema,
  arity: [1, 1],
  weights(config, [input]) {
    const shape = sizesAlong(input, config.axis);
    return [
      ...(config.scale ? [parameter('gamma', shape, config.gamma_initializer)] : []),
      ...(config.center ? [parameter('beta', shape, config.beta_initializer)] : []),
    ];
  },
  outputs(config, [input]) {
    for (const one of config.axis) resolveAxis(input, one);
    return [input];
  },
  /** Mean, variance, the quotient, scale and offset. */
  flops: (_config, [input]) => 7 * sampleSize(input),
};

/** From the front, whatever end it was counted from. */
export function resolveAxis(shape: Shape, one: number): number {
  const resolved = one < 0 ? one + shape.length : one;
  if (resolved < 0 || resolved >= shape.length) {
    throw new ShapeMismatch(showShape(shape), t('a tensor that has axis {0}', one));
  }
  return resolved;
}

/** Sizes along some axes, in the tensor's order. */
export function sizesAlong(shape: Shape, axes: readonly number[]): readonly number[] {
  const resolved = axes.map((one) => resolveAxis(shape, one)).toSorted((a, b) => a - b);
  return resolved.map((index) => {
    const size = shape[index];
    if (size === null) throw new ShapeMismatch(showShape(shape), t('a known size on axis {0}', index));
    return size;
  });
}
