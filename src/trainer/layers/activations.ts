import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/activation';
import { activate, gatedLinearUnit } from './activate';
import { computes } from './forward';

/** Source of the order of operations: keras.src.backend.tensorflow.nn and keras.src.legacy.backend, `relu`. */
function rectify({ max_value: max, negative_slope: slope, threshold }: catalogue.ReluConfig, x: tf.Tensor) {
  const capped = (y: tf.Tensor) => (max === null ? y : tf.clipByValue(y, 0, max));
  const positive =
    threshold !== 0
      ? capped(tf.mul(x, tf.step(tf.sub(x, threshold))))
      : max === 6
        ? tf.relu6(x)
        : capped(tf.relu(x));
  return slope === 0 ? positive : tf.sub(positive, tf.mul(slope, tf.relu(tf.sub(threshold, x))));
}

export const activations = [
  computes(catalogue.activationLayer, ({ activation }, [x]) =>
    activation === 'glu' ? gatedLinearUnit(x) : activate(activation, x),
  ),
  computes(catalogue.relu, (config, [x]) => rectify(config, x)),
  computes(catalogue.leakyRelu, ({ negative_slope: slope }, [x]) => tf.leakyRelu(x, slope)),
  // The slope at zero is that from below, as in Keras.
  computes(catalogue.elu, ({ alpha }, [x]) =>
    alpha === 1 ? tf.elu(x) : tf.add(tf.relu(x), tf.mul(alpha, tf.elu(tf.minimum(x, 0)))),
  ),
  computes(catalogue.prelu, (_config, [x], { weight }) =>
    tf.sub(tf.relu(x), tf.mul(weight('alpha'), tf.relu(tf.neg(x)))),
  ),
  computes(catalogue.softmax, ({ axis }, [x]) => softmaxAlong(x, axis < 0 ? axis + x.rank : axis)),
];

/** tfjs knows the softmax of the last axis alone. */
function softmaxAlong(x: tf.Tensor, axis: number): tf.Tensor {
  if (axis === x.rank - 1) return tf.softmax(x);
  const order = [...x.shape.keys()];
  [order[axis], order[x.rank - 1]] = [order[x.rank - 1], order[axis]];
  return tf.transpose(tf.softmax(tf.transpose(x, order)), order);
}
