import * as tf from '@tensorflow/tfjs-core';

/**
 * The mean over height and width: `[N, H, W, C]` to `[N, 1, 1, C]`. Pools forward, and spreads the gradient by one
 * broadcast product.
 */
export function meanOverSpace(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (height * width === 1) return x;
  return tf.customGrad((input) => ({
    value: tf.avgPool(input as tf.Tensor4D, [height, width], 1, 'valid'),
    gradFunc: (dy: tf.Tensor) => [tf.mul(tf.fill([1, height, width, 1], 1 / (height * width)), dy)],
  }))(x) as tf.Tensor4D;
}
