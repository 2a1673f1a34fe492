import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../core/layers/activations';

/** Keras's activation functions (keras.activations), over the last axis where they have one. */
const functions: Readonly<Record<ActivationName, (x: tf.Tensor) => tf.Tensor>> = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  softmax: (x) => tf.softmax(x),
  log_softmax: (x) => tf.logSoftmax(x),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  softplus: (x) => tf.softplus(x),
  softsign: (x) => tf.div(x, tf.add(1, tf.abs(x))),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))),
  exponential: (x) => tf.exp(x),
  /** `relu6(x + 3) / 6`; Keras 2's was another line. */
  hard_sigmoid: (x) => tf.div(tf.relu6(tf.add(x, 3)), 6),
  leaky_relu: (x) => tf.leakyRelu(x, 0.2),
  celu: (x) => tf.elu(x),
  hard_silu: (x) => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)),
  hard_tanh: (x) => tf.clipByValue(x, -1, 1),
  hard_shrink: (x) => tf.mul(x, tf.step(tf.sub(tf.abs(x), 0.5))),
  soft_shrink: (x) => tf.sub(tf.relu(tf.sub(x, 0.5)), tf.relu(tf.sub(-0.5, x))),
  tanh_shrink: (x) => tf.sub(x, tf.tanh(x)),
  log_sigmoid: (x) => tf.neg(tf.softplus(tf.neg(x))),
  squareplus: (x) => tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 2),
  /** A parabola between -1 and 1, a line above. */
  sparse_plus: (x) =>
    tf.add(tf.div(tf.square(tf.add(tf.clipByValue(x, -1, 1), 1)), 4), tf.relu(tf.sub(x, 1))),
  sparse_sigmoid: (x) => tf.div(tf.add(tf.clipByValue(x, -1, 1), 1), 2),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
};

export function activate(name: ActivationName, x: tf.Tensor): tf.Tensor {
  return functions[name](x);
}
