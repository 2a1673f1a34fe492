import * as tf from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../../core/graph/layerGraph';
import { innerOwner } from '../../core/layers/wrapping';
import type { Serialized } from '../../core/layers/serialized';
import { total } from '../total';

/** How much a weight's regularizer adds to the loss. */
export type Penalty = (weight: tf.Tensor) => tf.Scalar;

const DEFAULT_FACTOR = 0.01;

/** The regularizer that a layer's configuration puts on one of its weights. */
export function regularizerOf(config: LayerConfig, weightName: string): Serialized | undefined {
  const inner = innerOwner(config, weightName);
  if (inner) return regularizerOf(inner.config, inner.name);
  // Of the parts of a MultiHeadAttention, `query/kernel`, all have the same.
  const name = weightName.slice(weightName.lastIndexOf('/') + 1);
  const key = `${name.replace(/_kernel$/, '')}_regularizer`;
  const own = config[key] ?? (name === 'kernel' ? config.depthwise_regularizer : undefined);
  return (own as Serialized | null | undefined) ?? undefined;
}

/**
 * Keras's: `l1 Σ|w| + l2 Σw²`, without a half, or what rows or columns have in common.
 *
 * @returns nothing for a regularizer that is not one of Keras's
 */
export function penaltyOf({ kind, config }: Serialized): Penalty | undefined {
  const factor = (name: string, otherwise: number) => Number(config[name] ?? otherwise);
  switch (kind) {
    case 'L1':
      return sums(factor('l1', DEFAULT_FACTOR), 0);
    case 'L2':
      return sums(0, factor('l2', DEFAULT_FACTOR));
    case 'L1L2':
      return sums(factor('l1', 0), factor('l2', 0));
    case 'OrthogonalRegularizer':
      return commonality(factor('factor', DEFAULT_FACTOR), config.mode === 'columns');
    default:
      return undefined;
  }
}

/**
 * `factor` times the mean size of the cosines between different rows, or columns, of a matrix. Source:
 * keras.regularizers.OrthogonalRegularizer.
 */
function commonality(factor: number, ofColumns: boolean): Penalty {
  return (weight) =>
    tf.tidy(() => {
      const rows = ofColumns ? tf.transpose(weight as tf.Tensor2D) : (weight as tf.Tensor2D);
      const inverse = tf.minimum(tf.rsqrt(tf.sum(tf.square(rows), 1, true)), 1 / NORM_EPSILON);
      const directions = tf.mul<tf.Tensor2D>(rows, inverse);
      const cosines = tf.matMul(directions, directions, false, true);
      const [size] = rows.shape;
      const others = tf.mul(cosines, tf.sub(1, tf.eye(size)));
      return tf.mul(total(tf.abs(others)), factor / (size * (size - 1)));
    });
}

/** What Keras calls `backend.epsilon()`. */
const NORM_EPSILON = 1e-7;

function sums(l1: number, l2: number): Penalty {
  return (weight) =>
    tf.tidy(() => {
      const linear = l1 === 0 ? tf.scalar(0) : tf.mul(total(tf.abs(weight)), l1);
      const squared = l2 === 0 ? tf.scalar(0) : tf.mul(total(tf.square(weight)), l2);
      return tf.add(linear, squared);
    });
}
