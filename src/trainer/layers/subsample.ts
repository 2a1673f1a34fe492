import * as tf from '@tensorflow/tfjs-core';

/**
 * Every s-th row and column: pooling with a window of one, which the engines refuse. A slice of the image cut into
 * s × s cells, because a strided slice has no gradient.
 */
export function subsample(x: tf.Tensor4D, [down, across]: readonly [number, number]): tf.Tensor4D {
  if (down * across === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const rows = Math.ceil(height / down);
  const columns = Math.ceil(width / across);
  const padded = tf.pad4d(x, [
    [0, 0],
    [0, rows * down - height],
    [0, columns * across - width],
    [0, 0],
  ]);
  const firstRows = tf.slice(
    tf.reshape(padded, [batch * rows, down, columns * across * channels]),
    [0, 0, 0],
    [-1, 1, -1],
  );
  const cells = tf.reshape(firstRows, [batch * rows * columns, across, channels]);
  return tf.reshape(tf.slice(cells, [0, 0, 0], [-1, 1, -1]), [batch, rows, columns, channels]);
}
