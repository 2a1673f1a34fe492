import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/augmentation';
import { computes, type ForwardEntry } from './forward';
import { channelsLast } from './layout';
import type { RandomStream } from './random';

/** A number an image, `[N, 1, 1, 1]`. */
function perImage(x: tf.Tensor, next: () => number): tf.Tensor4D {
  const values = Float32Array.from({ length: x.shape[0] }, next);
  return tf.tensor4d(values, [x.shape[0], 1, 1, 1]);
}

const between = ([low, high]: readonly [number, number], random: RandomStream) =>
  low + (high - low) * random.uniform();

/** All of them pass images through outside training. Sources: keras.layers.RandomFlip and its neighbours. */
export const augmentations: readonly ForwardEntry[] = [
  computes(catalogue.randomFlip, ({ mode, data_format: format }, [x], { training, random }) => {
    if (!training) return x;
    return channelsLast(x, format, (input) => {
      // One draw decides for both directions, as in Keras.
      const flipped = perImage(input, () => (random.uniform() <= 0.5 ? 1 : 0));
      const axes = mode === 'horizontal' ? [2] : mode === 'vertical' ? [1] : [1, 2];
      return tf.add(tf.mul(tf.reverse(input, axes), flipped), tf.mul(input, tf.sub(1, flipped)));
    });
  }),
  computes(catalogue.randomContrast, (config, [x], { training, random }) => {
    if (!training) return x;
    const [low, high] = config.factor;
    return channelsLast(x, config.data_format, (input) => {
      const mean = tf.mean(input, [1, 2], true);
      const factor = perImage(input, () => between([1 - low, 1 + high], random));
      return tf.clipByValue(tf.add(tf.mul(tf.sub(input, mean), factor), mean), ...config.value_range);
    });
  }),
  computes(catalogue.randomBrightness, (config, [x], { training, random }) => {
    if (!training) return x;
    const [low, high] = config.value_range;
    const shift = perImage(x, () => between(config.factor, random) * (high - low));
    return tf.clipByValue(tf.add(x, shift), low, high);
  }),
  ...catalogue.otherAugmentations.map((kind) =>
    computes(
      kind,
      (_config, [x]) => x,
      undefined,
      () => 'changes images at random in training, which is not done here',
    ),
  ),
];
