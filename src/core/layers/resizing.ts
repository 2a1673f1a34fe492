import { configSchema, type ConfigOf } from './config';
import { count, dataFormat, margin, margins, sizes, word, type DataFormat, type Pair } from './fields';
import type { Shape } from '../graph/layerGraph';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { joinSpatial, splitSpatial } from './spatial';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

export const INTERPOLATIONS = ['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5', 'area'] as const;

const each = <T>(rank: number, value: T): readonly T[] => Array.from({ length: rank }, () => value);

const paddingSchema = (rank: number) =>
  configSchema({ padding: margins(rank).default(each(rank, [1, 1])), data_format: dataFormat() });
const stepPaddingSchema = configSchema({ padding: margin().default([1, 1]), data_format: dataFormat() });
/** Keras's default is none in two dimensions, one elsewhere. */
const croppingSchema = (rank: number) =>
  configSchema({
    cropping: margins(rank).default(each(rank, rank === 2 ? [0, 0] : [1, 1])),
    data_format: dataFormat(),
  });
const stepCroppingSchema = configSchema({ cropping: margin().default([1, 1]) });
const stepUpSamplingSchema = configSchema({ size: count().default(2) }, { renamed: { length: 'size' } });
const upSamplingSchema = configSchema({
  size: sizes(2).default([2, 2]),
  data_format: dataFormat(),
  interpolation: word(...INTERPOLATIONS).default('nearest'),
});
const volumeUpSamplingSchema = configSchema({ size: sizes(3).default([2, 2, 2]), data_format: dataFormat() });

export type ZeroPaddingConfig = ConfigOf<ReturnType<typeof paddingSchema>>;
export type StepPaddingConfig = ConfigOf<typeof stepPaddingSchema>;
export type CroppingConfig = ConfigOf<ReturnType<typeof croppingSchema>>;
export type StepCroppingConfig = ConfigOf<typeof stepCroppingSchema>;
export type UpSamplingConfig = ConfigOf<typeof upSamplingSchema>;
export type StepUpSamplingConfig = ConfigOf<typeof stepUpSamplingSchema>;
export type VolumeUpSamplingConfig = ConfigOf<typeof volumeUpSamplingSchema>;

const resizing = { family: 'reshaping', arity: [1, 1], weights: () => [], flops: () => 0 } as const;

function padded(input: Shape, padding: readonly Pair[], format: DataFormat): Shape {
  const image = splitSpatial(input, padding.length, format);
  const space = image.space.map((size, axis) => size && size + padding[axis][0] + padding[axis][1]);
  return joinSpatial({ ...image, space }, format);
}

function cropped(input: Shape, cropping: readonly Pair[], format: DataFormat): Shape {
  const image = splitSpatial(input, cropping.length, format);
  const space = image.space.map((size, axis) => {
    const taken = cropping[axis][0] + cropping[axis][1];
    if (size !== null && size <= taken) {
      throw new ShapeMismatch(
        showShape(input),
        t('more than {0} along the axis that it crops by {0}', taken),
      );
    }
    return size && size - taken;
  });
  return joinSpatial({ ...image, space }, format);
}

function enlarged(input: Shape, factors: readonly number[], format: DataFormat): Shape {
  const image = splitSpatial(input, factors.length, format);
  const space = image.space.map((size, axis) => size && size * factors[axis]);
  return joinSpatial({ ...image, space }, format);
}

const zeroPadding = (rank: number): LayerKind<ZeroPaddingConfig> => ({
  ...resizing,
  name: `ZeroPadding${rank}D`,
  schema: paddingSchema(rank),
  outputs: ({ padding, data_format: format }, [input]) => [padded(input, padding, format)],
});

const cropping = (rank: number): LayerKind<CroppingConfig> => ({
  ...resizing,
  name: `Cropping${rank}D`,
  schema: croppingSchema(rank),
  outputs: (config, [input]) => [cropped(input, config.cropping, config.data_format)],
});

export const zeroPadding1d: LayerKind<StepPaddingConfig> = {
  ...resizing,
  name: 'ZeroPadding1D',
  schema: stepPaddingSchema,
  outputs: ({ padding, data_format: format }, [input]) => [padded(input, [padding], format)],
};
export const zeroPadding2d = zeroPadding(2);
export const zeroPadding3d = zeroPadding(3);

export const cropping1d: LayerKind<StepCroppingConfig> = {
  ...resizing,
  name: 'Cropping1D',
  schema: stepCroppingSchema,
  outputs: (config, [input]) => [cropped(input, [config.cropping], 'channels_last')],
};
export const cropping2d = cropping(2);
export const cropping3d = cropping(3);

export const upSampling1d: LayerKind<StepUpSamplingConfig> = {
  ...resizing,
  name: 'UpSampling1D',
  schema: stepUpSamplingSchema,
  outputs: ({ size }, [input]) => [enlarged(input, [size], 'channels_last')],
  stride: ({ size }) => 1 / size,
};

export const upSampling2d: LayerKind<UpSamplingConfig> = {
  ...resizing,
  name: 'UpSampling2D',
  schema: upSamplingSchema,
  outputs: ({ size, data_format: format }, [input]) => [enlarged(input, size, format)],
  /** Two multiply-adds along each axis where it interpolates. */
  flops: ({ interpolation }, _inputs, [output]) => (interpolation === 'nearest' ? 0 : 8 * sampleSize(output)),
  stride: ({ size }) => 1 / Math.max(...size),
};

export const upSampling3d: LayerKind<VolumeUpSamplingConfig> = {
  ...resizing,
  name: 'UpSampling3D',
  schema: volumeUpSamplingSchema,
  outputs: ({ size, data_format: format }, [input]) => [enlarged(input, size, format)],
  stride: ({ size }) => 1 / Math.max(...size),
};
