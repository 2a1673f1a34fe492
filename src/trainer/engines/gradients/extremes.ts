import * as tf from '@tensorflow/tfjs-core';

/** Gradients at kinks and of several largest numbers, where tfjs-core decides otherwise than TensorFlow, or wrongly. */
export const extremeGradients: readonly tf.GradConfig[] = [
  reduction(tf.Max, 'reductionIndices'),
  reduction(tf.Min, 'axis'),
  choice(tf.Maximum, tf.greaterEqual),
  choice(tf.Minimum, tf.lessEqual),
  {
    kernelName: tf.Abs,
    inputsToSave: ['x'],
    // The stock one is -1 at zero.
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.sign(x)) }),
  },
  {
    kernelName: tf.Selu,
    inputsToSave: ['x'],
    // At zero the slope of the line, not that of the exponential.
    gradFunc: (dyOrMany, [x]) => ({
      x: () => {
        const dy = dyOrMany as tf.Tensor;
        const { SELU_SCALE: scale, SELU_SCALEALPHA: below } = tf.backend_util;
        const falls = tf.mul(below, tf.exp(tf.minimum(x, 0)));
        return tf.mul(dy, tf.where(tf.less(x, 0), falls, tf.fill(x.shape, scale)));
      },
    }),
  },
];

/** Shared among all that are the largest; the stock one gives each of them the whole. */
function reduction(kernelName: string, attribute: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attributes) => ({
      x: () => {
        const axes = tf.util.parseAxisParam(attributes[attribute] as number | number[], x.shape);
        const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
        const found = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
        const share = tf.div(tf.reshape(dy as tf.Tensor, kept), tf.sum(found, axes, true));
        return tf.mul(found, share);
      },
    }),
  };
}

/** To the first where both are equal; summed up where one was stretched, which the stock one forgets. */
function choice(kernelName: string, chooses: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dyOrMany, [a, b]) => {
      const dy = dyOrMany as tf.Tensor;
      const first = () => tf.cast(chooses(a, b), 'float32');
      return {
        a: () => gathered(tf.mul(dy, first()), a.shape),
        b: () => gathered(tf.mul(dy, tf.sub(1, first())), b.shape),
      };
    },
  };
}

function gathered(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], x.shape);
  return tf.reshape(axes.length === 0 ? x : tf.sum(x, axes), [...shape]);
}
