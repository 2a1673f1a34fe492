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
  // In two parts, both of which have the slope 1 at zero.
  celu: (x) => tf.add(tf.maximum(x, 0), tf.elu(tf.minimum(x, 0))),
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
  /** From -1 to 1 a line, whose ends have no slope: a clipped one would. */
  sparse_sigmoid: (x) => tf.div(tf.sub(2, tf.relu(tf.sub(2, tf.relu(tf.add(x, 1))))), 2),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  sparsemax,
  hard_sigmoid_keras2: (x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
};

/**
 * Each number less a threshold, or zero. After Martins and Astudillo, From softmax to sparsemax (2016), but with the
 * threshold that Keras takes: it adds up the running sums of the largest numbers where the paper has the last of them.
 * Source: keras.src.backend.tensorflow.nn, sparsemax.
 */
function sparsemax(x: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((...[input, save]) => {
    const numbers = input as tf.Tensor;
    const size = numbers.shape[numbers.rank - 1];
    const { values: sorted, indices } = tf.topk(numbers, size);
    const sums = runningSums(sorted);
    const above = tf.cast(tf.greater(tf.mul(sorted, tf.range(1, size + 1)), tf.sub(sums, 1)), 'float32');
    const count = tf.sum(above, -1, true);
    const threshold = tf.div(tf.sub(tf.sum(tf.mul(sums, above), -1, true), 1), count);
    const value = tf.relu(tf.sub(numbers, threshold));
    // The place of each number among the sorted ones: the first is in as many running sums as there are.
    const place = tf.topk(tf.neg(tf.cast(indices, 'float32')), size).indices;
    const share = tf.div(tf.relu(tf.sub(count, place)), count);
    (save as tf.GradSaveFunc)([tf.step(value), share]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [left, weight]: tf.Tensor[]) => {
        const own = tf.mul(dy, left);
        return tf.sub(own, tf.mul(weight, tf.sum(own, -1, true)));
      },
    };
  });
  return compute(x);
}

/** Of the last axis, by a product with a triangle of ones: WebAssembly's own running sum breaks its memory. */
function runningSums(x: tf.Tensor): tf.Tensor {
  const size = x.shape[x.rank - 1];
  const column = tf.reshape(tf.range(0, size), [size, 1]);
  const triangle = tf.cast(tf.lessEqual(column, tf.range(0, size)), 'float32');
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, size]), triangle), x.shape);
}

/** `a * sigmoid(b)` of the halves of the last axis. */
export function gatedLinearUnit(x: tf.Tensor): tf.Tensor {
  const [value, gate] = tf.split(x, 2, -1);
  return tf.mul(value, tf.sigmoid(gate));
}

export function activate(name: ActivationName, x: tf.Tensor): tf.Tensor {
  return functions[name](x);
}
