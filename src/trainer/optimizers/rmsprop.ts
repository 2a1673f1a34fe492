import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../core/plan/plan';
import type { UpdateRule } from './optimizer';

/**
 * Source: keras.optimizers.RMSprop.update_step: epsilon is inside the root, the momentum adds up steps with their learning
 * rate in them.
 */
export function rmsprop({
  rho,
  momentum,
  epsilon,
  centered,
}: Extract<Optimizer, { readonly kind: 'rmsprop' }>): UpdateRule {
  const average = (before: tf.Tensor | undefined, value: tf.Tensor) => {
    const share = tf.mul(value, 1 - rho);
    return before ? tf.add(tf.mul(before, rho), share) : share;
  };
  return (weight, gradient, slots, _step, learningRate) => {
    const velocity = average(slots.velocity, tf.square(gradient));
    const mean = centered ? average(slots.average_gradient, gradient) : undefined;
    const spread = mean ? tf.sub(velocity, tf.square(mean)) : velocity;
    const step = tf.div(tf.mul(gradient, learningRate), tf.sqrt(tf.add(spread, epsilon)));
    const kept = { velocity, ...(mean && { average_gradient: mean }) };
    if (momentum === 0) return { weight: tf.sub(weight, step), slots: kept };
    const move = slots.momentum ? tf.add(tf.mul(slots.momentum, momentum), step) : step;
    return { weight: tf.sub(weight, move), slots: { ...kept, momentum: move } };
  };
}
