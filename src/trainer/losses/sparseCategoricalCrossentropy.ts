import * as tf from '@tensorflow/tfjs-core';

/** What Keras calls `backend.epsilon()`. */
const EPSILON = 1e-7;

/**
 * Keras's sparse categorical cross-entropy, the mean over the batch. From logits where the output is a softmax, which
 * Keras sees through. From anything else it clips, takes logarithms, and normalizes once more. Source:
 * keras.src.backend.tensorflow.nn, `sparse_categorical_crossentropy`.
 *
 * @param output `[N, classes]`
 * @param oneHot the labels, `[N, classes]`
 */
export function sparseCategoricalCrossentropy(
  output: tf.Tensor2D,
  oneHot: tf.Tensor2D,
  fromLogits: boolean,
): tf.Scalar {
  return tf.tidy(() => {
    const logits = fromLogits ? output : tf.log(tf.clipByValue(output, EPSILON, 1 - EPSILON));
    return softmaxCrossentropy(logits, oneHot);
  });
}

/** `mean(log Σ exp(z) - z[label])`; its gradient is `(softmax(z) - oneHot) / N`. */
function softmaxCrossentropy(logits: tf.Tensor2D, oneHot: tf.Tensor2D): tf.Scalar {
  return tf.customGrad((input, saveAny) => {
    const z = input as tf.Tensor2D;
    const shifted = tf.sub(z, tf.max(z, 1, true));
    const exponentials = tf.exp(shifted);
    const sums = tf.sum(exponentials, 1, true);
    const losses = tf.sub(tf.log(sums), tf.sum(tf.mul(shifted, oneHot), 1, true));
    (saveAny as tf.GradSaveFunc)([tf.sub(tf.div(exponentials, sums), oneHot)]);
    const gradFunc = (dy: tf.Tensor, [excess]: tf.Tensor[]) => tf.mul(excess, tf.div(dy, z.shape[0]));
    return { value: tf.mean(losses), gradFunc };
  })(logits) as tf.Scalar;
}
