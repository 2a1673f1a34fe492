import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/pooling';
import { computes, type Forward } from './forward';
import { asImage, channelsLast, fromImage, pairOf } from './layout';
import { meanOverSpace } from './spatialMean';
import { subsample } from './subsample';

type Pool = typeof tf.maxPool;

/** Padding takes part in no maximum and no average. */
const slide =
  (pool: Pool): Forward<catalogue.PoolingConfig> =>
  (config, [x]) =>
    channelsLast(x, config.data_format, (input) => {
      const { pool_size: size, strides, padding } = config;
      if (input.rank < 5)
        return fromImage(poolImage(pool, asImage(input), size, strides, padding), input.rank);
      const [batch, depth, height, width, channels] = input.shape;
      const images = tf.reshape(input, [batch * depth, height, width, channels]) as tf.Tensor4D;
      const pooled = poolImage(pool, images, size, strides, padding);
      // A maximum of maxima, or a mean of means of as many numbers each: windows meet the border alike in each slice.
      const [, rows, columns] = pooled.shape;
      const slices = tf.reshape(pooled, [batch, depth, rows * columns, channels]) as tf.Tensor4D;
      const y = poolImage(pool, slices, [size[0], 1], [strides[0], 1], padding);
      return tf.reshape(y, [batch, y.shape[1], rows, columns, channels]);
    });

/** Over the last two axes that the sizes speak of. */
function poolImage(
  pool: Pool,
  image: tf.Tensor4D,
  size: readonly number[],
  strides: readonly number[],
  padding: 'valid' | 'same',
): tf.Tensor4D {
  return pairOf(size).every((one) => one === 1)
    ? subsample(image, pairOf(strides))
    : pool(image, pairOf(size), pairOf(strides), padding);
}

const overall =
  (reduce: (image: tf.Tensor4D) => tf.Tensor4D): Forward<catalogue.GlobalPoolingConfig> =>
  (config, [x]) =>
    channelsLast(x, config.data_format, (input) => {
      const y = reduce(asOneImage(input));
      const channels = y.shape[3];
      const ones = input.shape.slice(1, -1).map(() => 1);
      return tf.reshape(y, [y.shape[0], ...(config.keepdims ? ones : []), channels]);
    });

/** A volume as the image of its slices one below the other. */
function asOneImage(input: tf.Tensor): tf.Tensor4D {
  if (input.rank < 5) return asImage(input);
  const [batch, depth, height, width, channels] = input.shape;
  return tf.reshape(input, [batch, depth * height, width, channels]) as tf.Tensor4D;
}

const largest = (image: tf.Tensor4D) =>
  image.shape[1] * image.shape[2] === 1 ? image : tf.max<tf.Tensor4D>(image, [1, 2], true);

export const poolings = [
  computes(catalogue.maxPooling1d, slide(tf.maxPool)),
  computes(catalogue.maxPooling2d, slide(tf.maxPool)),
  computes(catalogue.maxPooling3d, slide(tf.maxPool)),
  computes(catalogue.averagePooling1d, slide(tf.avgPool)),
  computes(catalogue.averagePooling2d, slide(tf.avgPool)),
  computes(catalogue.averagePooling3d, slide(tf.avgPool)),
  computes(catalogue.globalMaxPooling1d, overall(largest)),
  computes(catalogue.globalMaxPooling2d, overall(largest)),
  computes(catalogue.globalMaxPooling3d, overall(largest)),
  computes(catalogue.globalAveragePooling1d, overall(meanOverSpace)),
  computes(catalogue.globalAveragePooling2d, overall(meanOverSpace)),
  computes(catalogue.globalAveragePooling3d, overall(meanOverSpace)),
];
