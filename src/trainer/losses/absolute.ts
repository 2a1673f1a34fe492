import * as tf from '@tensorflow/tfjs-core';

/** `|x|` with TensorFlow's slope at zero, which is zero: that of `tf.abs` is -1, and would move weights that are none. */
export function absolute<T extends tf.Tensor>(values: T): T {
  return tf.customGrad((input, save) => {
    const x = input as tf.Tensor;
    (save as tf.GradSaveFunc)([x]);
    return {
      value: tf.abs(x),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, tf.sign(saved)),
    };
  })(values) as T;
}
