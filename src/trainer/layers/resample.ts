import * as tf from '@tensorflow/tfjs-core';
import type { UpSamplingConfig } from '../../core/layers/resizing';

type Interpolation = UpSamplingConfig['interpolation'];

/**
 * An image of another size, as tf.image.resize makes it: pixels have their centres at halves.
 *
 * @param antialias where it shrinks, each new pixel is an average over all that it covers
 */
export function resample(
  x: tf.Tensor4D,
  [newHeight, newWidth]: readonly [number, number],
  interpolation: Interpolation,
  antialias = false,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  if (interpolation === 'nearest' && newHeight % height === 0 && newWidth % width === 0) {
    return tf.image.resizeNearestNeighbor(x, [newHeight, newWidth]);
  }
  // A product with a matrix an axis: tfjs's own resizing has a gradient for other centres only.
  const rows = tf.matMul(
    resizingMatrix(height, newHeight, interpolation, antialias),
    tf.reshape(x, [batch, height, width * channels]),
  );
  const columns = tf.matMul(
    resizingMatrix(width, newWidth, interpolation, antialias),
    tf.reshape(rows, [batch * newHeight, width, channels]),
  );
  return tf.reshape(columns, [batch, newHeight, newWidth, channels]);
}

/** Weights by distance from the sample point, zero from `reach` on. */
interface ResizingKernel {
  readonly reach: number;
  readonly weigh: (distance: number) => number;
  /** Sample points lie on a grid of so many to a pixel: TensorFlow looks the weights up in a table. */
  readonly grid?: number;
}

const sinc = (x: number) => Math.sin(Math.PI * x) / (Math.PI * x);

const lanczos = (lobes: number): ResizingKernel => ({
  reach: lobes,
  weigh: (distance) => (distance === 0 ? 1 : sinc(distance) * sinc(distance / lobes)),
});

/** Keys, Cubic convolution interpolation for digital image processing (1981), a = -1/2. */
const keys: ResizingKernel = {
  reach: 2,
  weigh: (d) => (d < 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2),
  grid: 1024,
};

const kernels: Readonly<Record<Exclude<Interpolation, 'nearest' | 'area'>, ResizingKernel>> = {
  bilinear: { reach: 1, weigh: (distance) => 1 - distance },
  bicubic: keys,
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
};

/** `[1, newSize, size]`: each row the weights of one new pixel, those outside the image shared out again. */
function resizingMatrix(
  size: number,
  newSize: number,
  interpolation: Interpolation,
  antialias: boolean,
): tf.Tensor3D {
  const matrix = new Float32Array(newSize * size);
  for (let row = 0; row < newSize; row++) {
    const centre = ((row + 0.5) * size) / newSize;
    if (interpolation === 'nearest') {
      matrix[row * size + Math.floor(centre)] = 1;
      continue;
    }
    if (interpolation === 'area') {
      matrix.set(coverage(size, newSize, row), row * size);
      continue;
    }
    const { reach, weigh, grid } = kernels[interpolation];
    const spread = antialias ? Math.max(1, size / newSize) : 1;
    // Only the plain cubic has a table; with antialiasing TensorFlow goes another way.
    const point = grid === undefined || antialias ? centre - 0.5 : Math.round((centre - 0.5) * grid) / grid;
    const weights = Array.from({ length: size }, (_, index) => {
      const distance = Math.abs(index - point) / spread;
      return distance < reach ? weigh(distance) : 0;
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, index) => (matrix[row * size + index] = weight / sum));
  }
  return tf.tensor3d(matrix, [1, newSize, size]);
}

/** How much of a new pixel each old one covers. Source: TensorFlow's ResizeArea. */
function coverage(size: number, newSize: number, row: number): number[] {
  const [begin, end] = [(row * size) / newSize, ((row + 1) * size) / newSize];
  return Array.from({ length: size }, (_, index) => {
    const covered = Math.min(end, index + 1) - Math.max(begin, index);
    return Math.max(0, covered) / (end - begin);
  });
}
