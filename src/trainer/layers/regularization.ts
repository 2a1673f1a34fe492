import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/regularization';
import * as residual from '../../core/layers/residual';
import { computes } from './forward';
import type { RandomStream } from './random';

/** Zero with probability `rate`, else what keeps the mean: `1 / (1 - rate)`. */
export function dropMask(shape: readonly number[], rate: number, random: RandomStream): tf.Tensor {
  const kept = rate < 1 ? 1 / (1 - rate) : 0;
  return draw(shape, () => (random.uniform() < rate ? 0 : kept));
}

function draw(shape: readonly number[], next: () => number): tf.Tensor {
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  for (let index = 0; index < values.length; index++) values[index] = next();
  return tf.tensor(values, [...shape]);
}

/** What `selu` approaches below zero: `-alpha * scale`. */
const SELU_FLOOR = -1.6732632423543772 * 1.0507009873554805;

/** Brings mean and variance back (Klambauer et al., 2017). Source: keras.layers.AlphaDropout. */
function alphaAffine(rate: number) {
  const slope = rate < 1 ? ((1 - rate) * (1 + rate * SELU_FLOOR ** 2)) ** -0.5 : 0;
  return { slope, offset: -slope * SELU_FLOOR * rate };
}

/** All of them pass their input through outside training. */
export const regularizations = [
  computes(catalogue.dropout, ({ rate, noise_shape: noise }, [x], { training, random }) => {
    if (!training || rate === 0) return x;
    const shape = x.shape.map((size, axis) => noise?.[axis] ?? size);
    return tf.mul(x, dropMask(shape, rate, random));
  }),
  ...[catalogue.spatialDropout1d, catalogue.spatialDropout2d, catalogue.spatialDropout3d].map((kind) =>
    computes(kind, ({ rate, data_format: format }, [x], { training, random }) => {
      if (!training || rate === 0) return x;
      const channels = format === 'channels_first' ? 1 : x.rank - 1;
      const shape = x.shape.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
      return tf.mul(x, dropMask(shape, rate, random));
    }),
  ),
  computes(catalogue.alphaDropout, ({ rate, noise_shape: noise }, [x], { training, random }) => {
    if (!training || rate === 0) return x;
    const shape = x.shape.map((size, axis) => noise?.[axis] ?? size);
    const kept = draw(shape, () => (random.uniform() < rate ? 0 : 1));
    const { slope, offset } = alphaAffine(rate);
    const dropped = tf.mul(tf.sub(1, kept), SELU_FLOOR);
    return tf.add(tf.mul(tf.add(tf.mul(x, kept), dropped), slope), offset);
  }),
  computes(residual.stochasticDepth, ({ drop_path_rate: rate }, [x], { training, random }) => {
    if (!training || rate === 0) return x;
    return tf.mul(
      x,
      dropMask(
        x.shape.map((size, axis) => (axis === 0 ? size : 1)),
        rate,
        random,
      ),
    );
  }),
  computes(catalogue.gaussianDropout, ({ rate }, [x], { training, random }) => {
    if (!training || rate === 0) return x;
    const deviation = Math.sqrt(rate / (1 - rate));
    return tf.mul(
      x,
      draw(x.shape, () => 1 + deviation * random.normal()),
    );
  }),
  computes(catalogue.gaussianNoise, ({ stddev }, [x], { training, random }) => {
    if (!training || stddev === 0) return x;
    return tf.add(
      x,
      draw(x.shape, () => stddev * random.normal()),
    );
  }),
];

/** Adds to the loss and nothing else, which is the executor's part (`losses/activity.ts`). */
export const activityRegularization = computes(catalogue.activityRegularization, (_config, [x]) => x);
