import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/pooling';
import { computes, type Forward } from './forward';
import { asImage, channelsLast, fromImage } from './layout';
import { meanOverSpace } from './spatialMean';
import { subsample } from './subsample';

type Pool = typeof tf.maxPool;

/** Padding takes part in no maximum and no average. */
const slide =
  (pool: Pool): Forward<catalogue.PoolingConfig> =>
  (config, [x]) =>
    channelsLast(x, config.data_format, (input) => {
      const pair = (sizes: readonly number[]): [number, number] => [sizes.at(-2) ?? 1, sizes.at(-1) ?? 1];
      const size = pair(config.pool_size);
      const strides = pair(config.strides);
      const image = asImage(input);
      const y = size.every((one) => one === 1)
        ? subsample(image, strides)
        : pool(image, size, strides, config.padding);
      return fromImage(y, input.rank);
    });

const overall =
  (reduce: (image: tf.Tensor4D) => tf.Tensor4D): Forward<catalogue.GlobalPoolingConfig> =>
  (config, [x]) =>
    channelsLast(x, config.data_format, (input) => {
      const y = reduce(asImage(input));
      const channels = y.shape[3];
      const ones = input.shape.slice(1, -1).map(() => 1);
      return tf.reshape(y, [y.shape[0], ...(config.keepdims ? ones : []), channels]);
    });

/** A window as large as the image. */
const largest = (image: tf.Tensor4D) =>
  image.shape[1] * image.shape[2] === 1
    ? image
    : tf.maxPool(image, [image.shape[1], image.shape[2]], 1, 'valid');

export const poolings = [
  computes(catalogue.maxPooling1d, slide(tf.maxPool)),
  computes(catalogue.maxPooling2d, slide(tf.maxPool)),
  computes(catalogue.averagePooling1d, slide(tf.avgPool)),
  computes(catalogue.averagePooling2d, slide(tf.avgPool)),
  computes(catalogue.globalMaxPooling1d, overall(largest)),
  computes(catalogue.globalMaxPooling2d, overall(largest)),
  computes(catalogue.globalAveragePooling1d, overall(meanOverSpace)),
  computes(catalogue.globalAveragePooling2d, overall(meanOverSpace)),
];
