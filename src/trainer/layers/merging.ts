import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/merging';
import { contractedAxes, dot, type DotConfig } from '../../core/layers/dot';
import * as residual from '../../core/layers/residual';
import { computes, type Forward } from './forward';
import { unitLength } from './unitLength';

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

/** What keras.utils.normalize takes for a length of zero. */
const LENGTH_EPSILON = 1e-7;

/** A product of matrices: what is summed over is brought to the end of the first and to the front of the second. */
const contract: Forward<DotConfig> = (config, [a, b]) => {
  const [ofA, ofB] = contractedAxes(config, a.shape, b.shape);
  const unit = (x: tf.Tensor, axis: number) => (config.normalize ? unitLength(x, [axis], LENGTH_EPSILON) : x);
  const others = (x: tf.Tensor, axis: number) => [...x.shape.keys()].filter((at) => at !== 0 && at !== axis);
  const rows = tf.transpose(unit(a, ofA), [0, ...others(a, ofA), ofA]);
  const columns = tf.transpose(unit(b, ofB), [0, ofB, ...others(b, ofB)]);
  const [batch, shared] = columns.shape;
  const product = tf.matMul(tf.reshape(rows, [batch, -1, shared]), tf.reshape(columns, [batch, shared, -1]));
  const [shape] = dot.outputs(config, [a.shape, b.shape]);
  return tf.reshape(product, shape as number[]);
};

export const mergings = [
  computes(catalogue.add, fold(tf.add)),
  computes(catalogue.subtract, fold(tf.sub)),
  computes(catalogue.multiply, fold(tf.mul)),
  computes(catalogue.maximum, fold(tf.maximum)),
  computes(catalogue.minimum, fold(tf.minimum)),
  computes(catalogue.average, (_config, inputs) =>
    tf.div(
      alignRanks(inputs).reduce((a, b) => tf.add(a, b)),
      inputs.length,
    ),
  ),
  computes(dot, contract),
  computes(residual.customScale, ({ scale }, inputs) => {
    const [first, second] = alignRanks(inputs);
    return tf.add(first, tf.mul(second, scale));
  }),
  computes(catalogue.concatenate, ({ axis }, inputs) =>
    inputs.length === 1 ? inputs[0] : tf.concat([...inputs], axis),
  ),
];
