import * as tf from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../../core/graph/layerGraph';
import { normalizedWeight, type SpectralNormalizationConfig } from '../../core/layers/spectralNormalization';
import type { CallContext } from './forward';
import { unitLength } from './unitLength';

/** What keras.utils.normalize takes for a length of zero. */
const LENGTH_EPSILON = 1e-7;

/**
 * Divides the kernel, as `[rest, last]`, by its largest singular value as far as power iteration has found it, from the
 * direction that the call before left in `vector_u`. A kernel of zeros stays. Source: keras.layers.SpectralNormalization.
 */
export function normalizeKernel(config: LayerConfig, context: CallContext): void {
  const normalization = config as SpectralNormalizationConfig;
  const name = normalizedWeight(normalization);
  const kernel = context.weight(name);
  const rows = tf.reshape(kernel, [-1, kernel.shape[kernel.rank - 1]]) as tf.Tensor2D;
  const unit = (vector: tf.Tensor) => unitLength(vector, [0, 1], LENGTH_EPSILON) as tf.Tensor2D;
  const before = context.weight('vector_u') as tf.Tensor2D;
  let [u, v] = [before, before];
  for (let turn = 0; turn < normalization.power_iterations; turn++) {
    v = unit(tf.matMul(u, rows, false, true));
    u = unit(tf.matMul(v, rows));
  }
  const size = tf.matMul(tf.matMul(v, rows), u, false, true);
  const isZero = tf.logicalNot(tf.any(tf.notEqual(kernel, 0)));
  const choose = (zero: tf.Tensor, other: tf.Tensor) =>
    tf.where(tf.broadcastTo(isZero, zero.shape), zero, other);
  context.assign('vector_u', choose(before, u));
  context.assign(name, choose(kernel, tf.div(kernel, tf.reshape(size, []))));
}
