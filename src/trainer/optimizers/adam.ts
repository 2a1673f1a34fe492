import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../core/plan/plan';
import type { UpdateRule } from './optimizer';

const { fround } = Math;

/**
 * Source: keras.optimizers.Adam.update_step. Epsilon is added to the root of the second moment before bias
 * correction ("epsilon hat" of Kingma and Ba, 2015, §2), and the correction is taken in single precision, as there.
 */
export function adam({
  beta1,
  beta2,
  epsilon,
  amsgrad = false,
}: Extract<Optimizer, { readonly kind: 'adam' | 'adamw' }>): UpdateRule {
  return (weight, gradient, slots, step, learningRate) => {
    const momentum = towards(slots.momentum, gradient, 1 - beta1);
    const velocity = towards(slots.velocity, tf.square(gradient), 1 - beta2);
    const correction = (beta: number) => fround(1 - fround(Math.pow(fround(beta), step)));
    const alpha = fround(
      fround(fround(learningRate) * fround(Math.sqrt(correction(beta2)))) / correction(beta1),
    );
    const largest = amsgrad ? largestOf(slots.velocity_hat, velocity) : undefined;
    const move = tf.div(tf.mul(momentum, alpha), tf.add(tf.sqrt(largest ?? velocity), epsilon));
    return {
      weight: tf.sub(weight, move),
      slots: { momentum, velocity, ...(largest && { velocity_hat: largest }) },
    };
  };
}

/** A moving average a share of the way from `average` (zero at first) to `value`. */
function towards(average: tf.Tensor | undefined, value: tf.Tensor, share: number): tf.Tensor {
  return average ? tf.add(average, tf.mul(tf.sub(value, average), share)) : tf.mul(value, share);
}

/** A tensor of its own, since slots are disposed one by one. */
const largestOf = (before: tf.Tensor | undefined, velocity: tf.Tensor): tf.Tensor =>
  before ? tf.maximum(before, velocity) : tf.clone(velocity);
