import * as tf from '@tensorflow/tfjs-core';

/** Counts of whole numbers and what tables make of them: the engines share no kernel that counts. */

/**
 * How often each number below `bins` is in each row, `[R, P]` to `[R, bins]`. A number is two digits, and a product of
 * matrices counts the pairs of them. Exact up to 2^24 of each.
 */
export function histograms(numbers: tf.Tensor2D, bins: number): tf.Tensor2D {
  const base = Math.ceil(Math.sqrt(bins));
  const high = tf.floor(tf.div(numbers, base));
  const low = tf.sub(numbers, tf.mul(high, base));
  // Told to make float32, WebAssembly writes whole numbers all the same.
  const digit = (values: tf.Tensor) =>
    tf.cast(tf.oneHot(tf.cast(values, 'int32'), base), 'float32') as tf.Tensor3D;
  const pairs = tf.matMul(digit(high), digit(low), true, false);
  return tf.slice2d(tf.reshape(pairs, [numbers.shape[0], base * base]), [0, 0], [-1, bins]);
}

/** Fractions cut off, and brought into 0 to `most`. Still float32. */
export function wholeNumbers(x: tf.Tensor, most: number): tf.Tensor {
  return tf.clipByValue(tf.cast(tf.cast(x, 'int32'), 'float32'), 0, most);
}
