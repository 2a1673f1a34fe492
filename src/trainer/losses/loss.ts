import * as tf from '@tensorflow/tfjs-core';
import { isCategorical, type Objective } from '../../core/plan/objective';
import {
  binaryOfProbabilities,
  categoricalOfProbabilities,
  sigmoidCrossentropy,
  softmaxCrossentropy,
  sparseOfProbabilities,
} from './crossentropy';
import { huber, meanAbsoluteError, meanSquaredError } from './regression';

/** One number a sample, `[N]`, of what a model puts out and what it should, `[N, units]` both. */
export type SampleLoss = (output: tf.Tensor2D, targets: tf.Tensor2D) => tf.Tensor1D;

/** @param isLogits the output lacks the softmax or the sigmoid that would make probabilities of it */
export function lossOf({ loss, labelSmoothing = 0 }: Objective, isLogits: boolean): SampleLoss {
  const plain = plainLossOf(loss, isLogits, labelSmoothing > 0);
  if (labelSmoothing === 0) return plain;
  return (output, targets) => {
    // Keras spreads a share over all classes, of which one unit has two.
    const classes = isCategorical(loss) ? targets.shape[1] : 2;
    return plain(output, tf.add(tf.mul(targets, 1 - labelSmoothing), labelSmoothing / classes));
  };
}

function plainLossOf(loss: Objective['loss'], isLogits: boolean, isSmoothed: boolean): SampleLoss {
  switch (loss) {
    case 'sparseCategoricalCrossentropy':
      if (isLogits) return softmaxCrossentropy;
      // Keras knows smoothed labels in its other categorical loss only.
      return isSmoothed ? categoricalOfProbabilities : sparseOfProbabilities;
    case 'categoricalCrossentropy':
      return isLogits ? softmaxCrossentropy : categoricalOfProbabilities;
    case 'binaryCrossentropy':
      return isLogits ? sigmoidCrossentropy : binaryOfProbabilities;
    case 'meanSquaredError':
      return meanSquaredError;
    case 'meanAbsoluteError':
      return meanAbsoluteError;
    case 'huber':
      return huber;
  }
}
