import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { fusedKernel } from '../fusedKernels';
import { convolutionGradients, depthwiseGradients } from './convolution';
import { extremeGradients } from './extremes';

/**
 * Replaces the gradients that tfjs-core lacks or gets wrong, for every engine. To be called whenever one was loaded: the
 * addon of TensorFlow brings tfjs-core along, which registers its own again.
 */
export function registerGradients(): void {
  const own = [convolutionGradients, depthwiseGradients, reluGradient, relu6Gradient, ...extremeGradients];
  for (const gradient of own) {
    if (tf.getGradient(gradient.kernelName)) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}

/** From the output, which the next layer keeps too; the stock one keeps the input, which nobody else needs. */
const reluGradient: tf.GradConfig = {
  kernelName: tf.Relu,
  outputsToSave: [true],
  gradFunc: (dyOrMany, [y]) => {
    const dy = dyOrMany as tf.Tensor;
    const fused = fusedKernel('ReluGradient');
    return { x: () => (fused ? fused({ dy, y }) : tf.mul(dy, tf.step(y))) };
  },
};

/** One where 0 < y < 6, from the output: two steps are faster than a comparison and a cast. */
const relu6Gradient: tf.GradConfig = {
  kernelName: tf.Relu6,
  outputsToSave: [true],
  gradFunc: (dyOrMany, [y]) => {
    const dy = dyOrMany as tf.Tensor;
    const fused = fusedKernel('Relu6Gradient');
    return { x: () => (fused ? fused({ dy, y }) : tf.mul(dy, tf.mul(tf.step(y), tf.step(tf.sub(6, y))))) };
  },
};
