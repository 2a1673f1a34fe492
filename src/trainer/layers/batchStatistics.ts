import * as tf from '@tensorflow/tfjs-core';
import { channelMeans, channelSums } from '../engines/channelSums';
import { fusedKernel } from '../engines/fusedKernels';
import { scaleAndShift } from './affine';

/** Is given the mean and the biased variance of a batch, `[C]`; they are disposed afterwards. */
type Report = (mean: tf.Tensor1D, variance: tf.Tensor1D) => void;

/**
 * Batch normalization with the batch's own statistics, over every axis but the last:
 * `y = (x - mean) / sqrt(variance + epsilon) * gamma + beta`. One node of the tape with the closed form of its gradient
 * (Ioffe and Szegedy, 2015, §3), in place of a dozen whose intermediates would all be kept.
 */
export function standardizeBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  report: Report,
): tf.Tensor {
  return fusedKernel('StandardizeBatch')
    ? standardizeAtOnce(x, gamma, beta, epsilon, report)
    : standardizeInSteps(x, gamma, beta, epsilon, report);
}

/** By the engine's own kernels. */
function standardizeAtOnce(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  report: Report,
): tf.Tensor {
  const forward = fusedKernel('StandardizeBatch');
  const backward = fusedKernel('StandardizeBatchGradient');
  if (!forward || !backward) throw new Error('the engine has one of two kernels');
  return tf.customGrad((...[input, factor, term, save]) => {
    const [values, scale, offset] = [input, factor, term] as tf.Tensor[];
    const [y, mean, variance, ...rest] = forward({ x: image(values), scale, offset }, { epsilon });
    report(mean as tf.Tensor1D, variance as tf.Tensor1D);
    (save as tf.GradSaveFunc)([values, scale, ...rest]);
    return {
      value: shaped(y, values.shape),
      gradFunc: (dy: tf.Tensor, [savedX, savedScale, ...saved]: tf.Tensor[]) => {
        const inputs = { dy: image(dy), x: image(savedX), scale: savedScale };
        const [dx, ...others] = backward({ ...inputs, ...saved }, { epsilon });
        return [shaped(dx, dy.shape), ...others];
      },
    };
  })(x, gamma, beta);
}

/** The numbers that a BatchNormalization computes with in inference, `[C]` each. */
export interface Moving {
  readonly gamma: tf.Tensor;
  readonly beta: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
}

/** `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, with gradients of x, and of gamma and beta where `trainable`. */
export function standardize(x: tf.Tensor, moving: Moving, trainable: boolean): tf.Tensor {
  const { gamma, beta, mean, variance, epsilon } = moving;
  const forward = fusedKernel('Standardize');
  const backward = fusedKernel('StandardizeGradient');
  const slope = () => tf.mul(tf.rsqrt(tf.add(variance, epsilon)), gamma);
  if (!forward || !backward) {
    const scale = slope();
    const offset = tf.sub(beta, tf.mul(mean, scale));
    return trainable ? scaleAndShift(x, scale, offset) : tf.add(tf.mul(x, scale), offset);
  }
  const compute = (input: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) =>
    shaped(forward({ x: image(input), scale, offset, mean, variance }, { epsilon }), x.shape);
  if (!trainable) {
    return tf.customGrad((input) => ({
      value: compute(input as tf.Tensor, gamma, beta),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, slope()),
    }))(x);
  }
  return tf.customGrad((...[input, factor, term, save]) => {
    const [values, scale, offset] = [input, factor, term] as tf.Tensor[];
    (save as tf.GradSaveFunc)([values, scale]);
    return {
      value: compute(values, scale, offset),
      gradFunc: (dy: tf.Tensor, [savedX, savedScale]: tf.Tensor[]) => {
        const inputs = { dy: image(dy), x: image(savedX), scale: savedScale, mean, variance };
        const [dx, ...others] = backward(inputs, { epsilon });
        return [shaped(dx, dy.shape), ...others];
      },
    };
  })(x, gamma, beta);
}

/** As an image of one row, which alone the kernels take. */
function image(x: tf.Tensor): tf.Tensor {
  return x.rank === 4 ? x : tf.reshape(x, [1, 1, -1, x.shape[x.rank - 1]]);
}

function shaped(x: tf.Tensor, shape: number[]): tf.Tensor {
  return x.rank === shape.length ? x : tf.reshape(x, shape);
}

function standardizeInSteps(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  report: Report,
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
 * With r = 1 / sqrt(variance + epsilon) and sums over the batch: `dbeta = Σ dy`, `dgamma = r (Σ dy x - mean Σ dy)`,
 * `dx = gamma r (dy - dbeta / n - (x - mean) r dgamma / n)`. Grouped as TensorFlow's gradients of Keras's formula are, so
 * that rounding is alike too.
 */
function gradients(dy: tf.Tensor, [x, mean, inverse, slope]: tf.Tensor[]): tf.Tensor[] {
  const count = x.size / mean.size;
  const offset = channelSums(dy);
  const product = tf.tidy(() => channelSums(tf.mul(dy, x)));
  const scale = tf.mul(tf.sub(product, tf.mul(offset, mean)), inverse);
  const dx = tf.tidy(() => {
    const spread = tf.div(tf.mul(tf.mul(slope, inverse), scale), -count);
    const shift = tf.div(tf.mul(slope, offset), -count);
    const direct = tf.add(tf.mul(dy, slope), shift);
    return tf.add(direct, tf.mul(tf.sub(x, mean), spread));
  });
  return [dx, scale, offset];
}
