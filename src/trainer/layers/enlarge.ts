import * as tf from '@tensorflow/tfjs-core';
import type { UpSamplingConfig } from '../../core/layers/resizing';

type Interpolation = UpSamplingConfig['interpolation'];

/** An image enlarged by whole factors, as tf.image.resize does: pixels have their centres at halves. */
export function enlarge(
  x: tf.Tensor4D,
  [down, across]: readonly [number, number],
  interpolation: Interpolation,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  if (interpolation === 'nearest') {
    return tf.image.resizeNearestNeighbor(x, [height * down, width * across]);
  }
  // A product with a matrix an axis: tfjs's own resizing has a gradient for other centres only.
  const kernel = kernels[interpolation];
  const rows = tf.matMul(
    resizingMatrix(height, down, kernel),
    tf.reshape(x, [batch, height, width * channels]),
  );
  const columns = tf.matMul(
    resizingMatrix(width, across, kernel),
    tf.reshape(rows, [batch * height * down, width, channels]),
  );
  return tf.reshape(columns, [batch, height * down, width * across, channels]);
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

const kernels: Readonly<Record<Exclude<Interpolation, 'nearest'>, ResizingKernel>> = {
  bilinear: { reach: 1, weigh: (distance) => 1 - distance },
  bicubic: keys,
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
};

/** `[1, size * factor, size]`: each row the weights of one new pixel, those outside the image shared out again. */
function resizingMatrix(size: number, factor: number, { reach, weigh, grid }: ResizingKernel): tf.Tensor3D {
  const matrix = new Float32Array(size * factor * size);
  for (let row = 0; row < size * factor; row++) {
    const point = (row + 0.5) / factor - 0.5;
    const centre = grid === undefined ? point : Math.round(point * grid) / grid;
    const weights = Array.from({ length: size }, (_, index) => {
      const distance = Math.abs(index - centre);
      return distance < reach ? weigh(distance) : 0;
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, index) => (matrix[row * size + index] = weight / sum));
  }
  return tf.tensor3d(matrix, [1, size * factor, size]);
}
