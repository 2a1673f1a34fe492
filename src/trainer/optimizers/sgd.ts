import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../core/plan/plan';
import type { Update, UpdateRule } from './optimizer';

/** Source: keras.optimizers.SGD.update_step. The momentum is a step in the weight's own unit, learning rate included. */
export function sgd({ momentum, nesterov }: Extract<Optimizer, { readonly kind: 'sgd' }>): UpdateRule {
  return (weight, gradient, slots, _step, learningRate): Update => {
    const step = tf.mul(gradient, learningRate);
    if (momentum === 0) return { weight: tf.sub(weight, step), slots: {} };
    const velocity = slots.momentum ? tf.sub(tf.mul(slots.momentum, momentum), step) : tf.neg(step);
    const move = nesterov ? tf.sub(tf.mul(velocity, momentum), step) : velocity;
    return { weight: tf.add(weight, move), slots: { momentum: velocity } };
  };
}
