import * as tf from '@tensorflow/tfjs-core';

/** Divided by the Euclidean length along some axes, which counts as `epsilon` where it is less. */
export function unitLength(x: tf.Tensor, axes: readonly number[], epsilon: number): tf.Tensor {
  const square = tf.sum(tf.square(x), [...axes], true);
  return tf.mul(x, tf.rsqrt(tf.maximum(square, epsilon ** 2)));
}
