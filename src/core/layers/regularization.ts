import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { dataFormat, field, nullable, number, seed } from './fields';
import type { LayerKind } from './kind';
import { splitSpatial } from './spatial';

const noiseShape = () =>
  nullable(
    field<readonly (number | null)[]>('a list of sizes, null where the input says', (raw) =>
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
const gaussianDropoutSchema = configSchema({ rate: number(0, 1), seed: seed() }, { renamed: { p: 'rate' } });
const gaussianNoiseSchema = configSchema(
  { stddev: number(0), seed: seed() },
  { renamed: { sigma: 'stddev' } },
);

export type DropoutConfig = ConfigOf<typeof dropoutSchema>;
export type SpatialDropoutConfig = ConfigOf<typeof spatialDropoutSchema>;
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

/** Drops whole feature maps. */
export const spatialDropout2d: LayerKind<SpatialDropoutConfig> = {
  ...elementwise<SpatialDropoutConfig>(
    { name: 'SpatialDropout2D', family: 'regularization', schema: spatialDropoutSchema },
    0,
  ),
  outputs(config, [input]) {
    splitSpatial(input, 2, config.data_format);
    return [input];
  },
};
