import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../core/plan/plan';
import { total } from '../total';

type Clipping = Pick<Optimizer, 'clipNorm' | 'globalClipNorm' | 'clipValue'>;

/** Gradients no larger than an optimizer takes them. Source: keras.src.optimizers.base_optimizer, `_clip_gradients`. */
export function clipped(
  { clipNorm, globalClipNorm, clipValue }: Clipping,
  gradients: readonly tf.Tensor[],
): readonly tf.Tensor[] {
  if (clipNorm !== undefined) return gradients.map((gradient) => shortened(gradient, clipNorm));
  if (globalClipNorm !== undefined) return shortenedTogether(gradients, globalClipNorm);
  if (clipValue !== undefined)
    return gradients.map((gradient) => tf.clipByValue(gradient, -clipValue, clipValue));
  return gradients;
}

function shortened(gradient: tf.Tensor, most: number): tf.Tensor {
  const norm = tf.sqrt(total(tf.square(gradient)));
  return tf.div(tf.mul(gradient, most), tf.maximum(norm, most));
}

/** A norm that is not finite makes every gradient NaN, as there: it is not taken for a short one. */
function shortenedTogether(gradients: readonly tf.Tensor[], most: number): readonly tf.Tensor[] {
  const squares = gradients.map((gradient) => total(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const finite = tf.mul(tf.minimum(tf.div(1, norm), 1 / most), most);
  const scale = tf.add(finite, tf.sub(norm, norm));
  return gradients.map((gradient) => tf.mul(gradient, scale));
}
