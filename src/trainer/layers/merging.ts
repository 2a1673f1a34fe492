import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/merging';
import { computes, type Forward } from './forward';

type Combine = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Keras lines up samples of different rank by axes of one after the batch. */
function alignRanks(inputs: readonly tf.Tensor[]): readonly tf.Tensor[] {
  const rank = Math.max(...inputs.map((input) => input.rank));
  return inputs.map((input) => {
    const [batch, ...sample] = input.shape;
    const missing = Array.from({ length: rank - input.rank }, () => 1);
    return missing.length === 0 ? input : tf.reshape(input, [batch, ...missing, ...sample]);
  });
}

const fold =
  (combine: Combine): Forward<catalogue.MergeConfig> =>
  (_config, inputs) =>
    alignRanks(inputs).reduce(combine);

/** Brings both to one shape first: tfjs's gradients of these forget what was stretched. */
const stretched =
  (combine: Combine): Combine =>
  (a, b) => {
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const stretch = (x: tf.Tensor) => (tf.util.arraysEqual(x.shape, shape) ? x : tf.broadcastTo(x, shape));
    return combine(stretch(a), stretch(b));
  };

export const mergings = [
  computes(catalogue.add, fold(tf.add)),
  computes(catalogue.subtract, fold(tf.sub)),
  computes(catalogue.multiply, fold(tf.mul)),
  computes(catalogue.maximum, fold(stretched(tf.maximum))),
  computes(catalogue.minimum, fold(stretched(tf.minimum))),
  computes(catalogue.average, (_config, inputs) =>
    tf.div(
      alignRanks(inputs).reduce((a, b) => tf.add(a, b)),
      inputs.length,
    ),
  ),
  computes(catalogue.concatenate, ({ axis }, inputs) =>
    inputs.length === 1 ? inputs[0] : tf.concat([...inputs], axis),
  ),
];
