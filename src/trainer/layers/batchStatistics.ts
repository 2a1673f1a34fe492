import * as tf from '@tensorflow/tfjs-core';
import { channelMeans } from '../engines/channelMeans';

/**
 * Batch normalization with the batch's own statistics, over every axis but the last:
 * `y = (x - mean) / sqrt(variance + epsilon) * gamma + beta`. One node of the tape with the closed form of its gradient
 * (Ioffe and Szegedy, 2015, §3), in place of a dozen whose intermediates would all be kept.
 *
 * @param report is given the mean and the biased variance, `[C]`; they are disposed afterwards
 */
export function standardizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  report: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void,
): tf.Tensor {
  return tf.customGrad((...[input, factor, term, saveAny]) => {
    const [values, scale, offset] = [input, factor, term] as tf.Tensor[];
    const mean = channelMeans(values);
    const variance = tf.tidy(() => channelMeans(tf.squaredDifference(values, mean)));
    report(mean, variance);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const slope = tf.mul(inverse, scale);
    const value = tf.tidy(() => tf.add(tf.mul(values, slope), tf.sub(offset, tf.mul(mean, slope))));
    (saveAny as tf.GradSaveFunc)([values, mean, inverse, slope]);
    return { value, gradFunc: gradients };
  })(x, gamma, beta);
}

/**
 * With c = x - mean and means over the batch: `dgamma = n mean(dy c) / σ`, `dbeta = n mean(dy)`,
 * `dx = gamma / σ (dy - mean(dy) - c mean(dy c) / σ²)`.
 */
function gradients(dy: tf.Tensor, [x, mean, inverse, slope]: tf.Tensor[]): tf.Tensor[] {
  const count = x.size / mean.size;
  const centered = tf.sub(x, mean);
  const meanGradient = channelMeans(dy);
  const covariance = tf.tidy(() => channelMeans(tf.mul(dy, centered)));
  const dx = tf.tidy(() => {
    const bySpread = tf.mul(centered, tf.neg(tf.mul(slope, tf.mul(covariance, tf.square(inverse)))));
    const direct = tf.sub(tf.mul(dy, slope), tf.mul(meanGradient, slope));
    return tf.add(direct, bySpread);
  });
  return [dx, tf.mul(covariance, tf.mul(inverse, count)), tf.mul(meanGradient, count)];
}
