import type { FillMode, SampleInterpolation } from '../../core/layers/imageFields';
import type { BatchShape } from './imageTransform';
import { addFour, TapCollector, tapsOf, type Taps } from './warp';

/** Pixels moved by noise that was blurred. Source: keras/src/backend/tensorflow/image.py, elastic_transform. */
export interface Elasticity {
  readonly interpolation: SampleInterpolation;
  readonly fillMode: FillMode;
  readonly fillValue: number;
  /** Of the image's larger and smaller side, what its noise is strong and wide by. */
  readonly factor: number;
}

/** @param noise standard normal, `[2, N, H, W]`: along x, then along y */
export function elasticTaps(shape: BatchShape, noise: Float32Array, elasticity: Elasticity): Taps {
  const [count, height, width] = shape;
  const { interpolation, fillMode, fillValue, factor } = elasticity;
  const strength = Math.max(height, width) * 0.1 * factor;
  const sigma = Math.min(height, width) * 0.05 * factor;
  const kernel = gaussian((6 * Math.trunc(sigma)) | 1, sigma);
  const collector = new TapCollector(shape, tapsOf(interpolation), fillValue);
  const bring = bringers[fillMode];
  const size = height * width;
  for (let image = 0; image < count; image++) {
    const move = (axis: number) => {
      const begin = (axis * count + image) * size;
      return blur(noise.subarray(begin, begin + size), height, width, kernel);
    };
    const [alongX, alongY] = [move(0), move(1)];
    const at = (row: number, column: number) => {
      const [y, x] = [bring(row, height), bring(column, width)];
      return y < 0 || x < 0 ? -1 : image * size + y * width + x;
    };
    for (let pixel = 0; pixel < size; pixel++) {
      const x = (pixel % width) + strength * sigma * alongX[pixel];
      const y = Math.floor(pixel / width) + strength * sigma * alongY[pixel];
      if (interpolation === 'nearest') collector.add(at(roundEven(y), roundEven(x)), 1);
      else addFour(collector, at, x, y);
      collector.nextPixel();
    }
  }
  return collector.taps;
}

/** Weights by distance from the middle, with the sum one. */
export function gaussian(size: number, sigma: number): readonly number[] {
  const weights = Array.from({ length: size }, (_, index) =>
    Math.exp(-0.5 * ((index - (size - 1) / 2) / sigma) ** 2),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Along both axes, with nothing around. */
function blur(values: Float32Array, height: number, width: number, kernel: readonly number[]): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const along = (from: Float32Array, step: number, length: number): Float32Array =>
    from.map((_, pixel) => {
      const place = Math.floor(pixel / step) % length;
      let sum = 0;
      const last = Math.min(reach, length - 1 - place);
      for (let d = Math.max(-reach, -place); d <= last; d++)
        sum += kernel[d + reach] * from[pixel + d * step];
      return sum;
    });
  return along(along(values, 1, width), width, height);
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** A whole coordinate brought into the image, negative outside. Source: map_coordinates of the same file. */
const bringers: Readonly<Record<FillMode, (at: number, size: number) => number>> = {
  constant: (at, size) => (at >= 0 && at < size ? at : -1),
  nearest: (at, size) => Math.min(Math.max(at, 0), size - 1),
  reflect(at, size) {
    const within = Math.abs(at) % (2 * size);
    return within < size ? within : 2 * size - within - 1;
  },
  wrap: (at, size) => ((at % size) + size) % size,
};
