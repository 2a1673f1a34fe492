import * as tf from '@tensorflow/tfjs-core';
import type { SampleLoss } from './loss';

/** Where the Huber loss turns from a parabola into a line, as Keras has it. */
const HUBER_DELTA = 1;

export const meanSquaredError: SampleLoss = (output, targets) =>
  tf.mean(tf.square(tf.sub(output, targets)), 1);

export const meanAbsoluteError: SampleLoss = (output, targets) => tf.mean(tf.abs(tf.sub(output, targets)), 1);

/** `e² / 2` up to delta, `delta |e| - delta² / 2` beyond: with `q = min(|e|, delta)`, `q² / 2 + delta (|e| - q)`. */
export const huber: SampleLoss = (output, targets) => {
  const size = tf.abs(tf.sub(output, targets));
  const quadratic = tf.minimum(size, HUBER_DELTA);
  const beyond = tf.mul(tf.sub(size, quadratic), HUBER_DELTA);
  return tf.mean(tf.add(tf.mul(tf.square(quadratic), 0.5), beyond), 1);
};
