import * as tf from '@tensorflow/tfjs-core';
import { isNegative, isPositive, isZero } from './condition';

/** How bright each of red, green and blue is taken to be. Source: keras.ops.image.rgb_to_grayscale. */
const LUMA = [0.2989, 0.587, 0.114];

/** `[..., 3]` or `[..., 1]` as one channel. */
export function toGrayscale(x: tf.Tensor): tf.Tensor {
  return x.shape.at(-1) === 1 ? x : tf.sum(tf.mul(x, LUMA), -1, true);
}

/** Hue, saturation and value, each `[..., 1]`. */
export interface Hsv {
  readonly hue: tf.Tensor;
  readonly saturation: tf.Tensor;
  readonly value: tf.Tensor;
}

/** Source: tensorflow/core/kernels/image/colorspace_op.h. */
export function toHsv(rgb: tf.Tensor): Hsv {
  const [r, g, b] = tf.split(rgb, 3, rgb.rank - 1);
  const value = tf.max(rgb, -1, true);
  const range = tf.sub(value, tf.min(rgb, -1, true));
  const share = (above: tf.Tensor, below: tf.Tensor) =>
    tf.div(above, tf.where(isZero(below), tf.onesLike(below), below));
  const zero = tf.zerosLike(value);
  const saturation = tf.where(isPositive(value), share(range, value), zero);
  const sixth = (a: tf.Tensor, c: tf.Tensor, offset: number) =>
    tf.add(share(tf.sub(a, c), tf.mul(range, 6)), offset);
  const ofGreen = tf.where(isZero(tf.sub(g, value)), sixth(b, r, 2 / 6), sixth(r, g, 4 / 6));
  const turned = tf.where(isZero(tf.sub(r, value)), sixth(g, b, 0), ofGreen);
  const hue = tf.where(isPositive(range), turned, zero);
  return { hue: tf.where(isNegative(hue), tf.add(hue, 1), hue), saturation, value };
}

/** Source: the same file. */
export function fromHsv({ hue, saturation, value }: Hsv): tf.Tensor {
  const sixths = tf.mul(hue, 6);
  const distance = (from: number) => tf.abs(tf.sub(sixths, from));
  const shares = [tf.sub(distance(3), 1), tf.sub(2, distance(2)), tf.sub(2, distance(4))];
  return tf.concat(
    shares.map((share) => {
      const clipped = tf.clipByValue(share, 0, 1);
      return tf.mul(tf.add(tf.sub(1, saturation), tf.mul(saturation, clipped)), value);
    }),
    hue.rank - 1,
  );
}
