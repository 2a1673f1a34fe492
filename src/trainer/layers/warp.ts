import * as tf from '@tensorflow/tfjs-core';
import type { FillMode, SampleInterpolation } from '../../core/layers/imageFields';
import type { BatchShape } from './imageTransform';

/** Where each pixel of a batch comes from: up to four others, by their weights. */
export interface Taps {
  /** By tap, then by pixel: which pixel of the batch. */
  readonly indices: readonly Int32Array[];
  readonly weights: readonly Float32Array[];
  /** What comes from outside of the image, by pixel. */
  readonly filled: Float32Array;
}

/** Collects taps, pixel after pixel. */
export class TapCollector {
  readonly taps: Taps;
  private pixel = 0;
  private tap = 0;

  constructor(
    [count, height, width]: BatchShape,
    perPixel: number,
    private readonly fillValue: number,
  ) {
    const pixels = count * height * width;
    this.taps = {
      indices: Array.from({ length: perPixel }, () => new Int32Array(pixels)),
      weights: Array.from({ length: perPixel }, () => new Float32Array(pixels)),
      filled: new Float32Array(pixels),
    };
  }

  /** @param index negative outside of the image */
  add(index: number, weight: number): void {
    const tap = this.tap++;
    if (index < 0) {
      this.taps.filled[this.pixel] += weight * this.fillValue;
    } else {
      this.taps.indices[tap][this.pixel] = index;
      this.taps.weights[tap][this.pixel] = weight;
    }
  }

  nextPixel(): void {
    this.pixel++;
    this.tap = 0;
  }
}

/** How many taps a pixel has. */
export const tapsOf = (interpolation: SampleInterpolation): number => (interpolation === 'nearest' ? 1 : 4);

/**
 * The images that taps make. Gradients go back the way that pixels came, which is the exact transpose; TensorFlow's own
 * warps them back by the inverse matrix.
 */
export function warp(x: tf.Tensor4D, { indices, weights, filled }: Taps): tf.Tensor4D {
  const channels = x.shape[3];
  const pixels = filled.length;
  const column = (values: Float32Array) => tf.tensor2d(values, [pixels, 1]);
  const sample = tf.customGrad((...[images]) => {
    const rows = tf.reshape(images as tf.Tensor, [pixels, channels]);
    const terms = indices.map((index, tap) =>
      tf.mul(tf.gather(rows, tf.tensor1d(index, 'int32')), column(weights[tap])),
    );
    const value = terms.reduce<tf.Tensor>((sum, term) => tf.add(sum, term), column(filled));
    return {
      value: tf.reshape(value, x.shape),
      gradFunc: (dy: tf.Tensor) => {
        const back = tf.reshape(dy, [pixels, channels]);
        const parts = indices.map((index, tap) =>
          tf.scatterND(tf.tensor2d(index, [pixels, 1], 'int32'), tf.mul(back, column(weights[tap])), [
            pixels,
            channels,
          ]),
        );
        return tf.reshape(
          parts.reduce<tf.Tensor>((sum, part) => tf.add(sum, part), tf.zerosLike(back)),
          x.shape,
        );
      },
    };
  });
  return sample(x) as tf.Tensor4D;
}

/** `[a0, a1, a2, b0, b1, b2, c0, c1]`: output (x, y) comes from ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), k = c0 x + c1 y + 1. */
export type Projection = readonly number[];

interface Sampling {
  readonly interpolation: SampleInterpolation;
  readonly fillMode: FillMode;
  readonly fillValue: number;
}

/**
 * Taps of a projection an image, in single precision where a rounding may move a pixel. Source:
 * tensorflow/core/kernels/image/image_ops.h, ProjectiveGenerator.
 */
export function project(shape: BatchShape, projections: readonly Projection[], sampling: Sampling): Taps {
  const [count, height, width] = shape;
  const { interpolation, fillMode, fillValue } = sampling;
  const collector = new TapCollector(shape, tapsOf(interpolation), fillValue);
  const single = Math.fround;
  const bring = bringers[fillMode];
  for (let image = 0; image < count; image++) {
    const [a0, a1, a2, b0, b1, b2, c0, c1] = projections[image].map(single);
    const base = image * height * width;
    const at = (row: number, column: number) =>
      row >= 0 && row < height && column >= 0 && column < width ? base + row * width + column : -1;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const k = single(single(single(c0 * column) + single(c1 * row)) + 1);
        const x = single(single(single(single(a0 * column) + single(a1 * row)) + a2) / k);
        const y = single(single(single(single(b0 * column) + single(b1 * row)) + b2) / k);
        if (!Number.isFinite(x) || !Number.isFinite(y)) collector.add(-1, 1);
        else {
          const [fromX, fromY] = [bring(x, width), bring(y, height)];
          if (interpolation === 'nearest') collector.add(at(roundAway(fromY), roundAway(fromX)), 1);
          else addFour(collector, at, fromX, fromY);
        }
        collector.nextPixel();
      }
    }
  }
  return collector.taps;
}

/** The four pixels around a place, by how near they are. */
export function addFour(
  collector: TapCollector,
  at: (row: number, column: number) => number,
  x: number,
  y: number,
): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [x - left, y - top];
  collector.add(at(top, left), (1 - bottom) * (1 - right));
  collector.add(at(top, left + 1), (1 - bottom) * right);
  collector.add(at(top + 1, left), bottom * (1 - right));
  collector.add(at(top + 1, left + 1), bottom * right);
}

/** Halves away from zero, as std::round. */
const roundAway = (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);

const clamp = (value: number, size: number) => Math.min(Math.max(value, 0), size - 1);

/** Brings a coordinate into the image. Source: MapCoordinate of the same file. */
const bringers: Readonly<Record<FillMode, (at: number, size: number) => number>> = {
  constant: (at) => at,
  nearest: clamp,
  reflect(at, size) {
    if (size <= 1) return 0;
    const twice = 2 * size;
    if (at < 0) {
      const near = at < twice ? at + twice * Math.trunc(-at / twice) : at;
      return clamp(near < -size ? near + twice : -near - 1, size);
    }
    if (at <= size - 1) return at;
    const near = at - twice * Math.trunc(at / twice);
    return clamp(near >= size ? twice - near - 1 : near, size);
  },
  wrap(at, size) {
    if (size <= 1) return 0;
    if (at < 0) return clamp(at + size * (Math.trunc(-at / (size - 1)) + 1), size);
    return clamp(at > size - 1 ? at - size * Math.trunc(at / (size - 1)) : at, size);
  },
};
