import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/augmentation';
import { isNegative, isPositive } from './condition';
import { fromHsv, toGrayscale, toHsv } from './colorSpace';
import { between, drawEach, wholeBetween } from './distributions';
import { gaussian } from './elastic';
import { choose, drawChosen, perImage, randomly, toRange } from './imageTransform';

/** Images in other tones and colours. Sources: keras.layers.RandomBrightness and its neighbours. */

const BYTES = [0, 255] as const;
const UNIT = [0, 1] as const;
const COLOR = { channels: [3] };
const GRAY_OR_COLOR = { channels: [1, 3] };

/** Keeps a division from zero. */
const EPSILON = 1e-7;

export const brightness = randomly(
  catalogue.randomBrightness,
  ({ factor, value_range: [low, high] }, [count], random) =>
    drawEach(count, () => between(factor, random) * (high - low)),
  (x, shifts, { value_range: range }) => tf.clipByValue(tf.add(x, perImage(shifts)), ...range),
);

export const contrast = randomly(
  catalogue.randomContrast,
  ({ factor: [low, high] }, [count], random) => drawEach(count, () => between([1 - low, 1 + high], random)),
  (x, factors, { value_range: range }) => {
    const mean = tf.mean(x, [1, 2], true);
    return tf.clipByValue(tf.add(tf.mul(tf.sub(x, mean), perImage(factors)), mean), ...range);
  },
);

/** Drawn: a share of the colour wheel, an image. */
export const hue = randomly(
  catalogue.randomHue,
  ({ factor }, [count], random) =>
    drawEach(count, () => (random.uniform() > 0.5 ? -0.5 : 0.5) * between(factor, random)),
  (x, turns, { value_range: range }) => {
    const { hue: before, ...rest } = toHsv(toRange(x, range, UNIT));
    const turned = tf.add(before, perImage(turns));
    const within = tf.where(isPositive(tf.sub(turned, 1)), tf.sub(turned, 1), turned);
    const rgb = fromHsv({ hue: tf.where(isNegative(within), tf.add(within, 1), within), ...rest });
    return toRange(tf.clipByValue(rgb, 0, 1), UNIT, range);
  },
  COLOR,
);

export const saturation = randomly(
  catalogue.randomSaturation,
  ({ factor }, [count], random) =>
    drawEach(count, () => {
      const drawn = between(factor, random);
      return drawn / (1 - drawn + EPSILON);
    }),
  (x, factors, { value_range: range }) => {
    const hsv = toHsv(x);
    return fromHsv({
      ...hsv,
      saturation: tf.clipByValue(tf.mul(hsv.saturation, perImage(factors)), ...range),
    });
  },
  COLOR,
);

export const colorDegeneration = randomly(
  catalogue.randomColorDegeneration,
  ({ factor }, [count], random) => drawEach(count, () => between(factor, random)),
  (x, factors, { value_range: range }) =>
    tf.clipByValue(tf.add(x, tf.mul(tf.sub(toGrayscale(x), x), perImage(factors))), ...range),
  GRAY_OR_COLOR,
);

export const grayscale = randomly(
  catalogue.randomGrayscale,
  ({ factor }, [count], random) => drawEach(count, () => random.uniform() < factor),
  (x, chosen) => choose(chosen, tf.broadcastTo(toGrayscale(x), x.shape), x),
  GRAY_OR_COLOR,
);

export const invert = randomly(
  catalogue.randomInvert,
  ({ factor }, [count], random) => drawChosen(count, () => between(factor, random), random),
  (x, chosen, { value_range: range }) => choose(chosen, tf.sub(range[1], x), x),
);

/** Drawn: how many of eight bits become zero, an image. */
export const posterization = randomly(
  catalogue.randomPosterization,
  ({ factor: [low, high] }, [count], random) =>
    drawEach(count, () => 8 - (low === high ? low : wholeBetween(low, high, random))),
  (x, shifts, { value_range: range }) => {
    const whole = tf.cast(tf.cast(toRange(x, range, BYTES), 'int32'), 'float32');
    const steps = perImage(shifts.map((shift) => 2 ** shift));
    return toRange(tf.mul(tf.floor(tf.div(whole, steps)), steps), BYTES, range);
  },
  { stopsGradient: true },
);

export const solarization = randomly(
  catalogue.solarization,
  // Keras scales the upper ends alone.
  ({ addition_factor: added, threshold_factor: threshold }, [count], random) => ({
    additions: drawEach(count, () => between([added[0], added[1] * 255], random)),
    thresholds: drawEach(count, () => between([threshold[0], threshold[1] * 255], random)),
  }),
  (x, { additions, thresholds }, { value_range: range }) => {
    const added = tf.clipByValue(tf.add(toRange(x, range, BYTES), perImage(additions)), ...BYTES);
    const turned = tf.where(isNegative(tf.sub(added, perImage(thresholds))), added, tf.sub(255, added));
    return toRange(turned, BYTES, range);
  },
);

export const sharpness = randomly(
  catalogue.randomSharpness,
  ({ factor }, [count], random) => drawEach(count, () => between(factor, random)),
  (x, factors, { value_range: range }) => {
    const [a, b] = [1 / 13, 5 / 13];
    const smooth = filter(x, [3, 3], [a, a, a, a, b, a, a, a, a]);
    const share = perImage(factors.map((factor) => 1 - 2 * factor));
    return tf.clipByValue(tf.add(x, tf.mul(share, tf.sub(smooth, x))), ...range);
  },
);

/** Drawn: which images, and how wide the blur is along both axes, for all of them. */
export const gaussianBlur = randomly(
  catalogue.randomGaussianBlur,
  ({ factor, sigma }, [count], random) => ({
    chosen: drawChosen(count, () => between(factor, random), random),
    sigmas: [between(sigma, random) + 1e-6, between(sigma, random) + 1e-6] as const,
  }),
  (x, { chosen, sigmas }, { kernel_size: size, value_range: range }) => {
    const [first, second] = [gaussian(size[0], sigmas[0]), gaussian(size[1], sigmas[1])];
    // Keras lays the product out the other way round than it reads it.
    const kernel = second.flatMap((a) => first.map((b) => a * b));
    return tf.clipByValue(choose(chosen, filter(x, size, kernel), x), ...range);
  },
);

/** Each channel by the same kernel, with nothing around the image. */
function filter(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  kernel: readonly number[],
): tf.Tensor {
  const one = tf.tensor4d(Float32Array.from(kernel), [height, width, 1, 1]);
  return tf.depthwiseConv2d(x, tf.tile(one, [1, 1, x.shape[3], 1]), 1, 'same');
}

export const colorTransforms = [
  brightness,
  contrast,
  hue,
  saturation,
  colorDegeneration,
  grayscale,
  invert,
  posterization,
  solarization,
  sharpness,
  gaussianBlur,
] as const;
