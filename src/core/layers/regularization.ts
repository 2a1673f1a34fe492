import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { dataFormat, field, nullable, number, seed, type DataFormat } from './fields';
import type { LayerKind } from './kind';
import { splitSpatial } from './spatial';
import { t } from '../../l10n/translate';

const noiseShape = () =>
  nullable(
    field<readonly (number | null)[]>(t('a list of sizes, null where the input says'), (raw) =>
      Array.isArray(raw) && raw.every((size) => size === null || (Number.isInteger(size) && size > 0))
        ? raw
        : undefined,
    ),
  );

const dropoutSchema = configSchema(
  { rate: number(0, 1), seed: seed(), noise_shape: noiseShape() },
  { renamed: { p: 'rate' } },
);
const spatialDropoutSchema = configSchema(
  { rate: number(0, 1), seed: seed(), data_format: dataFormat() },
  { renamed: { p: 'rate' }, inert: ['noise_shape'] },
);
/** Along steps the channels are always last. */
const stepDropoutSchema = configSchema(
  { rate: number(0, 1), seed: seed() },
  { renamed: { p: 'rate' }, inert: ['noise_shape'] },
);
const activitySchema = configSchema({ l1: number(0).default(0), l2: number(0).default(0) });
const gaussianDropoutSchema = configSchema({ rate: number(0, 1), seed: seed() }, { renamed: { p: 'rate' } });
const gaussianNoiseSchema = configSchema(
  { stddev: number(0), seed: seed() },
  { renamed: { sigma: 'stddev' } },
);

export type DropoutConfig = ConfigOf<typeof dropoutSchema>;
export type SpatialDropoutConfig = ConfigOf<typeof stepDropoutSchema> & { readonly data_format?: DataFormat };
export type ActivityRegularizationConfig = ConfigOf<typeof activitySchema>;
export type GaussianDropoutConfig = ConfigOf<typeof gaussianDropoutSchema>;
export type GaussianNoiseConfig = ConfigOf<typeof gaussianNoiseSchema>;

export const dropout = elementwise<DropoutConfig>(
  { name: 'Dropout', family: 'regularization', schema: dropoutSchema },
  0,
);
export const gaussianDropout = elementwise<GaussianDropoutConfig>(
  { name: 'GaussianDropout', family: 'regularization', schema: gaussianDropoutSchema },
  0,
);
export const gaussianNoise = elementwise<GaussianNoiseConfig>(
  { name: 'GaussianNoise', family: 'regularization', schema: gaussianNoiseSchema },
  0,
);

/** Drops, and keeps mean and variance: for networks of `selu`. */
export const alphaDropout = elementwise<DropoutConfig>(
  { name: 'AlphaDropout', family: 'regularization', schema: dropoutSchema },
  0,
);
/** Adds `l1 Σ|x| + l2 Σx²` of what passes through to the loss. */
export const activityRegularization = elementwise<ActivityRegularizationConfig>(
  { name: 'ActivityRegularization', family: 'regularization', schema: activitySchema },
  0,
);

/** Drops whole feature maps. */
function spatialDropout(rank: number): LayerKind<SpatialDropoutConfig> {
  return {
    ...elementwise<SpatialDropoutConfig>(
      {
        name: `SpatialDropout${rank}D`,
        family: 'regularization',
        schema: rank === 1 ? stepDropoutSchema : spatialDropoutSchema,
      },
      0,
    ),
    outputs(config, [input]) {
      splitSpatial(input, rank, config.data_format ?? 'channels_last');
      return [input];
    },
  };
}

export const spatialDropout1d = spatialDropout(1);
export const spatialDropout2d = spatialDropout(2);
export const spatialDropout3d = spatialDropout(3);
