import { configSchema, type ConfigOf } from './config';
import { dataFormat, margins, sizes, word, type Margins } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { joinSpatial, splitSpatial } from './spatial';
import { sampleSize } from './weightSpec';

const symmetric = (margin: number): Margins => [
  [margin, margin],
  [margin, margin],
];

const zeroPaddingSchema = configSchema({
  padding: margins().default(symmetric(1)),
  data_format: dataFormat(),
});
const croppingSchema = configSchema({ cropping: margins().default(symmetric(0)), data_format: dataFormat() });
const upSamplingSchema = configSchema({
  size: sizes(2).default([2, 2]),
  data_format: dataFormat(),
  interpolation: word('nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5').default('nearest'),
});

export type ZeroPaddingConfig = ConfigOf<typeof zeroPaddingSchema>;
export type CroppingConfig = ConfigOf<typeof croppingSchema>;
export type UpSamplingConfig = ConfigOf<typeof upSamplingSchema>;

const resizing = { family: 'reshaping', arity: [1, 1], weights: () => [], flops: () => 0 } as const;

export const zeroPadding2d: LayerKind<ZeroPaddingConfig> = {
  ...resizing,
  name: 'ZeroPadding2D',
  schema: zeroPaddingSchema,
  outputs({ padding, data_format: format }, [input]) {
    const image = splitSpatial(input, 2, format);
    const space = image.space.map((size, axis) => size && size + padding[axis][0] + padding[axis][1]);
    return [joinSpatial({ ...image, space }, format)];
  },
};

export const cropping2d: LayerKind<CroppingConfig> = {
  ...resizing,
  name: 'Cropping2D',
  schema: croppingSchema,
  outputs({ cropping, data_format: format }, [input]) {
    const image = splitSpatial(input, 2, format);
    const space = image.space.map((size, axis) => {
      const cropped = cropping[axis][0] + cropping[axis][1];
      if (size !== null && size <= cropped) {
        throw new ShapeMismatch(
          showShape(input),
          `more than ${cropped} along the axis that it crops by ${cropped}`,
        );
      }
      return size && size - cropped;
    });
    return [joinSpatial({ ...image, space }, format)];
  },
};

export const upSampling2d: LayerKind<UpSamplingConfig> = {
  ...resizing,
  name: 'UpSampling2D',
  schema: upSamplingSchema,
  outputs({ size: factors, data_format: format }, [input]) {
    const image = splitSpatial(input, 2, format);
    const space = image.space.map((size, axis) => size && size * factors[axis]);
    return [joinSpatial({ ...image, space }, format)];
  },
  /** Two multiply-adds along each axis where it interpolates. */
  flops: ({ interpolation }, _inputs, [output]) => (interpolation === 'nearest' ? 0 : 8 * sampleSize(output)),
  stride: ({ size }) => 1 / Math.max(...size),
};
