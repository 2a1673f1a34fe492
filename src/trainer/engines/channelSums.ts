import * as tf from '@tensorflow/tfjs-core';

/** A kernel of our own: the sum over every axis but the last, `{ x: [..., C] }` to `[C]`. */
export const CHANNEL_SUMS = 'ChannelSums';

/** The sum over every axis but the last: `[C]`. Has no gradient. */
export function channelSums(x: tf.Tensor): tf.Tensor1D {
  if (tf.getKernel(CHANNEL_SUMS, tf.getBackend())) return tf.engine().runKernel(CHANNEL_SUMS, { x });
  return tf.sum(x, [...x.shape.keys()].slice(0, -1));
}

/** The mean over every axis but the last: `[C]`. Has no gradient. */
export function channelMeans(x: tf.Tensor): tf.Tensor1D {
  const channels = x.shape.at(-1) ?? 1;
  return tf.tidy(() => tf.div(channelSums(x), x.size / channels));
}
