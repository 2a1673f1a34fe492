import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/augmentation';
import { betaOf, between, drawEach, shuffled } from './distributions';
import { drawChosen, perImage, randomly, type BatchShape } from './imageTransform';
import type { RandomStream } from './random';

/**
 * Images with a part of something else. Labels are not mixed: a layer of a model is given images alone, in Keras too.
 * Sources: keras.layers.RandomErasing, MixUp, CutMix.
 */

/** In pixels; a pixel is inside from `left` up to, without, `right`. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Anywhere in the image, of shares of its sides. */
function drawBox([, height, width]: BatchShape, wide: number, tall: number, random: RandomStream): Box {
  const [across, down] = [wide * width, tall * height];
  const left = random.uniform() * (width - across);
  const top = random.uniform() * (height - down);
  return { left, right: left + across, top, bottom: top + down };
}

/** One inside of each image's box, `[N, H, W, 1]`. */
function mask([count, height, width]: BatchShape, boxes: readonly Box[]): tf.Tensor4D {
  const inside = new Float32Array(count * height * width);
  boxes.forEach((box, image) =>
    eachInside([count, height, width, 1], box, image, (pixel) => (inside[pixel] = 1)),
  );
  return tf.tensor4d(inside, [count, height, width, 1]);
}

function eachInside(
  [, height, width]: BatchShape,
  { left, right, top, bottom }: Box,
  image: number,
  visit: (pixel: number) => void,
): void {
  for (let row = Math.max(0, Math.ceil(top)); row < Math.min(height, bottom); row++) {
    for (let column = Math.max(0, Math.ceil(left)); column < Math.min(width, right); column++) {
      visit((image * height + row) * width + column);
    }
  }
}

const blend = (inside: tf.Tensor, there: tf.Tensor, elsewhere: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(there, inside), tf.mul(elsewhere, tf.sub(1, inside)));

/** Drawn: which images, their boxes, and standard normal noise inside of these where nothing else is to fill them. */
export const erasing = randomly(
  catalogue.randomErasing,
  ({ factor, scale, fill_value: filling }, shape, random) => {
    const [count, , , channels] = shape;
    const share = () => Math.sqrt(between(scale, random));
    const boxes = drawEach(count, () => drawBox(shape, share(), share(), random));
    const chosen = drawChosen(count, () => between(factor, random), random);
    if (filling !== null) return { boxes, chosen };
    const noise = new Float32Array(shape.reduce((a, b) => a * b));
    boxes.forEach((box, image) => {
      if (!chosen[image]) return;
      eachInside(shape, box, image, (pixel) => {
        for (let channel = 0; channel < channels; channel++)
          noise[pixel * channels + channel] = random.normal();
      });
    });
    return { boxes, chosen, noise };
  },
  (x, { boxes, chosen, noise }: Erasure, { fill_value: filling, value_range: range }) => {
    const inside = tf.mul(mask(x.shape, boxes), perImage(chosen.map(Number)));
    const content = noise ? tf.mul(tf.tensor4d(noise, x.shape), range[1]) : tf.tensor(plain(filling ?? 0));
    return blend(inside, tf.clipByValue(content, ...range), x);
  },
);

interface Erasure {
  readonly boxes: readonly Box[];
  readonly chosen: readonly boolean[];
  readonly noise?: Float32Array;
}

const plain = (filling: number | readonly number[]) => (typeof filling === 'number' ? filling : [...filling]);

/** Images in another order, in a way that has a gradient on every engine. */
function inOrder(x: tf.Tensor4D, order: readonly number[]): tf.Tensor {
  return tf.concat(order.map((index) => tf.slice(x, [index, 0, 0, 0], [1, -1, -1, -1])));
}

export const mixUp = randomly(
  catalogue.mixUp,
  ({ alpha }, [count], random) => ({
    order: shuffled(count, random),
    weights: drawEach(count, () => betaOf(alpha, alpha, random)),
  }),
  (x, { order, weights }) => blend(perImage(weights), x, inOrder(x, order)),
);

export const cutMix = randomly(
  catalogue.cutMix,
  ({ factor }, shape, random) => {
    const alpha = between(factor, random) + 1e-6;
    const boxes = drawEach(shape[0], () => {
      const side = Math.sqrt(1 - betaOf(alpha, alpha, random));
      return drawBox(shape, side, side, random);
    });
    return { boxes, order: shuffled(shape[0], random) };
  },
  (x, { boxes, order }) => blend(mask(x.shape, boxes), inOrder(x, order), x),
);

export const mixingTransforms = [erasing, mixUp, cutMix] as const;
