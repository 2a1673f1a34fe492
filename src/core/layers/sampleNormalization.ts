import { configSchema, type ConfigOf } from './config';
import { axis, field, integers, number } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { affineFields, resolveAxis, sizesAlong } from './normalization';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

/** Kinds that standardize a sample by itself and keep no averages, beside LayerNormalization. */

const groupSchema = configSchema({
  /** -1 is a group a channel, which is instance normalization. */
  groups: field<number>(t('a whole number of at least 1, or -1'), (raw) =>
    Number.isSafeInteger(raw) && ((raw as number) > 0 || raw === -1) ? (raw as number) : undefined,
  ).default(32),
  axis: axis().default(-1),
  epsilon: number(0).default(0.001),
  ...affineFields,
});
const rootMeanSquareSchema = configSchema({
  axis: integers(t('an axis or a list of them')).default([-1]),
  epsilon: number(0).default(1e-6),
});
const unitSchema = configSchema({ axis: integers(t('an axis or a list of them')).default([-1]) });

export type GroupNormalizationConfig = ConfigOf<typeof groupSchema>;
export type RmsNormalizationConfig = ConfigOf<typeof rootMeanSquareSchema>;
export type UnitNormalizationConfig = ConfigOf<typeof unitSchema>;

/** Standardizes each group of neighbouring channels over all positions (Wu and He, 2018). */
export const groupNormalization: LayerKind<GroupNormalizationConfig> = {
  name: 'GroupNormalization',
  family: 'normalization',
  schema: groupSchema,
  arity: [1, 1],
  weights(config, [input]) {
    const shape = sizesAlong(input, [config.axis]);
    if (config.groups !== -1 && shape[0] % config.groups !== 0) {
      throw new ShapeMismatch(showShape(input), t('channels that {0} groups divide', config.groups));
    }
    return [
      ...(config.scale ? [parameter('gamma', shape, config.gamma_initializer)] : []),
      ...(config.center ? [parameter('beta', shape, config.beta_initializer)] : []),
    ];
  },
  outputs(config, [input]) {
    resolveAxis(input, config.axis);
    return [input];
  },
  flops: (_config, [input]) => 7 * sampleSize(input),
};

/** Divides by the root of the mean square along `axis`, times a learned scale (Zhang and Sennrich, 2019). */
export const rmsNormalization: LayerKind<RmsNormalizationConfig> = {
  name: 'RMSNormalization',
  family: 'normalization',
  schema: rootMeanSquareSchema,
  arity: [1, 1],
  weights: (config, [input]) => [
    parameter('scale', sizesAlong(input, config.axis), { kind: 'Ones', config: {} }),
  ],
  outputs(config, [input]) {
    for (const one of config.axis) resolveAxis(input, one);
    return [input];
  },
  flops: (_config, [input]) => 4 * sampleSize(input),
};

/** Divides by the Euclidean length along `axis`. */
export const unitNormalization: LayerKind<UnitNormalizationConfig> = {
  name: 'UnitNormalization',
  family: 'normalization',
  schema: unitSchema,
  arity: [1, 1],
  weights: () => [],
  outputs(config, [input]) {
    for (const one of config.axis) resolveAxis(input, one);
    return [input];
  },
  flops: (_config, [input]) => 3 * sampleSize(input),
};
