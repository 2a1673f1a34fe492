import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/adaptivePooling';
import { computes, type Forward } from './forward';
import { channelsLast } from './layout';

type PoolAxis = (x: tf.Tensor4D, size: number) => tf.Tensor4D;

/** One spatial axis after another: a maximum of maxima, or a mean of means, since windows are alike in every slice. */
const pool =
  (alongAxis: PoolAxis): Forward<catalogue.AdaptivePoolingConfig> =>
  (config, [x]) =>
    channelsLast(x, config.data_format, (input) =>
      config.output_size.reduce((y, size, index) => {
        const axis = index + 1;
        if (y.shape[axis] === size) return y;
        const [before, after] = [y.shape.slice(0, axis), y.shape.slice(axis + 1)];
        const channels = after[after.length - 1];
        const folded = [product(before), y.shape[axis], product(after) / channels, channels] as const;
        return tf.reshape(alongAxis(tf.reshape(y, [...folded]), size), [...before, size, ...after]);
      }, input),
    );

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** A product with a matrix whose rows are the windows. */
const average: PoolAxis = (x, size) => {
  const [batch, length, others, channels] = x.shape;
  const matrix = new Float32Array(size * length);
  for (let row = 0; row < size; row++) {
    const [begin, end] = catalogue.adaptiveWindow(length, size, row);
    matrix.fill(1 / (end - begin), row * length + begin, row * length + end);
  }
  const weights = tf.tensor3d(matrix, [1, size, length]);
  const means = tf.matMul(weights, tf.reshape(x, [batch, length, others * channels]) as tf.Tensor3D);
  return tf.reshape(means, [batch, size, others, channels]);
};

/** A window at a time, by the engines' own pooling: where numbers are equal, the gradient goes to one of them. */
const largest: PoolAxis = (x, size) => {
  const [batch, length, others, channels] = x.shape;
  const windows = Array.from({ length: size }, (_, index) => {
    const [begin, end] = catalogue.adaptiveWindow(length, size, index);
    const window = tf.slice4d(x, [0, begin, 0, 0], [batch, end - begin, others, channels]);
    return end - begin === 1 ? window : tf.maxPool(window, [end - begin, 1], 1, 'valid');
  });
  return tf.concat(windows, 1);
};

export const adaptivePoolings = [
  computes(catalogue.adaptiveMaxPooling1d, pool(largest)),
  computes(catalogue.adaptiveMaxPooling2d, pool(largest)),
  computes(catalogue.adaptiveMaxPooling3d, pool(largest)),
  computes(catalogue.adaptiveAveragePooling1d, pool(average)),
  computes(catalogue.adaptiveAveragePooling2d, pool(average)),
  computes(catalogue.adaptiveAveragePooling3d, pool(average)),
];
