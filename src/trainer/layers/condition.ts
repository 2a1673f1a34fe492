import * as tf from '@tensorflow/tfjs-core';

/** Where a test holds of numbers, for `tf.where`: comparisons on the tape have no gradient, which tfjs would ask for. */
export function condition(x: tf.Tensor, test: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const { shape } = x;
  const holds = tf.customGrad((...[values]) => ({
    value: test(values as tf.Tensor),
    gradFunc: (_dy: tf.Tensor) => tf.zeros(shape),
  }));
  return holds(x);
}

export const isPositive = (x: tf.Tensor): tf.Tensor => condition(x, (values) => tf.greater(values, 0));
export const isNegative = (x: tf.Tensor): tf.Tensor => condition(x, (values) => tf.less(values, 0));
export const isZero = (x: tf.Tensor): tf.Tensor => condition(x, (values) => tf.equal(values, 0));
