import * as tf from '@tensorflow/tfjs-core';
import type { SampleLoss } from './loss';

/** What Keras calls `backend.epsilon()`. */
const EPSILON = 1e-7;

const awayFromEnds = (probabilities: tf.Tensor2D): tf.Tensor2D =>
  tf.clipByValue(probabilities, EPSILON, 1 - EPSILON);

/**
 * `Σ t (log Σ exp(z) - z)` a row; its gradient is `softmax(z) - t`, as TensorFlow takes it even where the targets of a
 * row do not add up to one.
 */
export const softmaxCrossentropy: SampleLoss = (logits, targets) =>
  tf.customGrad((...[input, save]) => {
    const z = input as tf.Tensor2D;
    const shifted = tf.sub(z, tf.max(z, 1, true));
    const exponentials = tf.exp(shifted);
    const sums = tf.sum(exponentials, 1, true);
    const value = tf.sum(tf.mul(tf.sub(tf.log(sums), shifted), targets), 1);
    (save as tf.GradSaveFunc)([tf.sub(tf.div(exponentials, sums), targets)]);
    return { value, gradFunc };
  })(logits) as tf.Tensor1D;

/** `max(z, 0) - z t + log(1 + exp(-|z|))`, its mean over a row; its gradient is `(sigmoid(z) - t) / units`. */
export const sigmoidCrossentropy: SampleLoss = (logits, targets) =>
  tf.customGrad((...[input, save]) => {
    const z = input as tf.Tensor2D;
    const units = z.shape[1];
    const softened = tf.log1p(tf.exp(tf.neg(tf.abs(z))));
    const value = tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, targets)), softened), 1);
    (save as tf.GradSaveFunc)([tf.div(tf.sub(tf.sigmoid(z), targets), units)]);
    return { value, gradFunc };
  })(logits) as tf.Tensor1D;

/** The gradient of a row's loss by the row was saved with the loss. */
const gradFunc = (dy: tf.Tensor, [slope]: tf.Tensor[]) => tf.mul(slope, tf.reshape(dy, [-1, 1]));

/** Clips, takes logarithms, and normalizes those once more. Source: keras.src.backend.tensorflow.nn. */
export const sparseOfProbabilities: SampleLoss = (probabilities, targets) =>
  softmaxCrossentropy(tf.log(awayFromEnds(probabilities)), targets);

/** Normalizes, then clips and takes logarithms. Source: keras.src.backend.tensorflow.nn, `categorical_crossentropy`. */
export const categoricalOfProbabilities: SampleLoss = (probabilities, targets) => {
  const shares = tf.div<tf.Tensor2D>(probabilities, tf.sum(probabilities, 1, true));
  return tf.neg(tf.sum(tf.mul(targets, tf.log(awayFromEnds(shares))), 1));
};

/** Source: keras.src.backend.tensorflow.nn, `binary_crossentropy`. */
export const binaryOfProbabilities: SampleLoss = (probabilities, targets) => {
  const clipped = awayFromEnds(probabilities);
  const positive = tf.mul(targets, tf.log(clipped));
  const negative = tf.mul(tf.sub(1, targets), tf.log(tf.sub(1, clipped)));
  return tf.neg(tf.mean(tf.add(positive, negative), 1));
};
