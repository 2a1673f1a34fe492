import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/embedding';
import { computes } from './forward';

export const embeddings = [
  computes(catalogue.embedding, (_config, [x], { weight }) => lookUp(weight('embeddings'), x)),
  computes(catalogue.masking, ({ mask_value: value }, [x]) =>
    tf.mul(x, tf.cast(tf.expandDims(heededSteps(x, value), -1), 'float32')),
  ),
];

/** Steps with any feature that is not `value`. */
export function heededSteps(x: tf.Tensor, value: number): tf.Tensor {
  return tf.any(tf.notEqual(x, value), -1);
}

/**
 * Rows of a table by whole numbers, cut off where they are not whole. Its gradient adds rows up where they came from;
 * tfjs's own needs a kernel that WebAssembly lacks.
 */
function lookUp(table: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const [rows, columns] = table.shape;
  const gather = tf.customGrad((...[values, save]) => {
    const indices = tf.cast(x, 'int32');
    (save as tf.GradSaveFunc)([indices]);
    return {
      value: tf.gather(values as tf.Tensor, indices),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        tf.scatterND(tf.reshape(saved, [-1, 1]), tf.reshape(dy, [-1, columns]), [rows, columns]),
    };
  });
  return gather(table);
}
