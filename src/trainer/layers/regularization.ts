import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/regularization';
import { computes } from './forward';
import type { RandomStream } from './random';

/** Zero with probability `rate`, else what keeps the mean: `1 / (1 - rate)`. */
function dropMask(shape: readonly number[], rate: number, random: RandomStream): tf.Tensor {
  const kept = rate < 1 ? 1 / (1 - rate) : 0;
  return draw(shape, () => (random.uniform() < rate ? 0 : kept));
}

function draw(shape: readonly number[], next: () => number): tf.Tensor {
  const values = new Float32Array(tf.util.sizeFromShape([...shape]));
  for (let index = 0; index < values.length; index++) values[index] = next();
  return tf.tensor(values, [...shape]);
}

/** All of them pass their input through outside training. */
export const regularizations = [
  computes(catalogue.dropout, ({ rate, noise_shape: noise }, [x], { training, random }) => {
    if (!training || rate === 0) return x;
    const shape = x.shape.map((size, axis) => noise?.[axis] ?? size);
    return tf.mul(x, dropMask(shape, rate, random));
  }),
  computes(catalogue.spatialDropout2d, ({ rate, data_format: format }, [x], { training, random }) => {
    if (!training || rate === 0) return x;
    const channels = format === 'channels_last' ? 3 : 1;
    const shape = x.shape.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
    return tf.mul(x, dropMask(shape, rate, random));
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

/** Kinds whose output is random in training, which therefore end the prefix there. */
export const RANDOM_KINDS: ReadonlySet<string> = new Set(regularizations.map(({ kind }) => kind));
