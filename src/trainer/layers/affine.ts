import * as tf from '@tensorflow/tfjs-core';
import { channelSums } from '../engines/channelSums';

/**
 * Arithmetic by channel, the last axis, with gradients that sum over the other axes by pooling; those of `tf.add` and
 * `tf.mul` transpose the whole tensor first.
 */

/** `x + bias`, with bias `[C]`. */
export function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return tf.customGrad((...[input, offset]) => ({
    value: tf.add(input as tf.Tensor, offset as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [dy, channelSums(dy)],
  }))(x, bias);
}

/** `x * scale + offset`, with both `[C]`. */
export function scaleAndShift(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor {
  return tf.customGrad((...[input, factor, term, save]) => {
    const [of, by, to] = [input, factor, term] as tf.Tensor[];
    (save as tf.GradSaveFunc)([of, by]);
    return {
      value: tf.add(tf.mul(of, by), to),
      gradFunc: (dy: tf.Tensor, [savedX, savedScale]: tf.Tensor[]) => [
        tf.mul(dy, savedScale),
        channelSums(tf.mul(dy, savedX)),
        channelSums(dy),
      ],
    };
  })(x, scale, offset);
}
