import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../../core/failure';
import * as catalogue from '../../core/layers/embedding';
import { computes } from './forward';
import { t } from '../../l10n/translate';

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
    requireRows(indices, rows);
    (save as tf.GradSaveFunc)([indices]);
    return {
      value: tf.gather(values as tf.Tensor, indices),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        tf.scatterND(tf.reshape(saved, [-1, 1]), tf.reshape(dy, [-1, columns]), [rows, columns]),
    };
  });
  return gather(table);
}

/**
 * Engines read anything, or nothing, for a row that is not there. WebGPU alone cannot be asked for numbers in the middle
 * of a computation; it reads the nearest row.
 * @throws Failure of kind `input` (`ID_RANGE`)
 */
function requireRows(indices: tf.Tensor, rows: number): void {
  if (tf.getBackend() === 'webgpu') return;
  const strange = indices.dataSync().find((id) => id < 0 || id >= rows);
  if (strange === undefined) return;
  const message = t('found the id {0}, expected 0 to {1}: the table has {2} rows', strange, rows - 1, rows);
  throw new Failure('input', 'ID_RANGE', message);
}
