import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { convolutionGradients, depthwiseGradients } from './convolution';

/**
 * Replaces the gradients that tfjs-core lacks or gets wrong, for every engine. To be called whenever one was loaded: the
 * addon of TensorFlow brings tfjs-core along, which registers its own again.
 */
export function registerGradients(): void {
  for (const gradient of [convolutionGradients, depthwiseGradients, relu6Gradient]) {
    if (tf.getGradient(gradient.kernelName)) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}

/** One where 0 < y < 6, from the output: two steps are faster than a comparison and a cast. */
const relu6Gradient: tf.GradConfig = {
  kernelName: tf.Relu6,
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    const y = saved[0];
    return { x: () => tf.mul(dy as tf.Tensor, tf.mul(tf.step(y), tf.step(tf.sub(6, y)))) };
  },
};
