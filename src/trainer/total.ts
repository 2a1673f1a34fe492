import * as tf from '@tensorflow/tfjs-core';

/** The sum of all numbers of a tensor. In two stages: one running sum of a large weight loses digits. */
export function total(values: tf.Tensor): tf.Scalar {
  return values.rank === 0 ? (values as tf.Scalar) : tf.sum(tf.sum(values, -1));
}
