import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { columnSize, fillColumns } from './columns';
import { inputGradient } from './convolutionInput';
import { fillTensor, transposeInto, transposeMatrix } from './heap';

type Geometry = tf.backend_util.Conv2DInfo;

/** Gradient of the input: `[N, H, W, C]` from `dy` `[N, OH, OW, D]` and the filter `[kh, kw, C, D]`. */
export function conv2dInputGradient(
  backend: BackendWasm,
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: Geometry,
): tf.Tensor4D {
  const { filterWidth, inChannels, outChannels, strideHeight, strideWidth } = geometry;
  return inputGradient(backend, dy, geometry, {
    filter: (rows, columns) =>
      fillTensor(backend, [rows.taps, columns.taps, outChannels, inChannels], [filter], (target, source) => {
        const tap = inChannels * outChannels;
        for (let r = 0; r < rows.taps; r++) {
          for (let c = 0; c < columns.taps; c++) {
            const y = rows.firstTap + (rows.taps - 1 - r) * strideHeight;
            const x = columns.firstTap + (columns.taps - 1 - c) * strideWidth;
            const to = (r * columns.taps + c) * tap;
            transposeInto(target, to, source, (y * filterWidth + x) * tap, inChannels, outChannels);
          }
        }
      }) as tf.Tensor4D,
    convolve: (part, rotated, pad) => tf.conv2d(part, rotated, 1, pad),
  });
}

/** Numbers that one chunk of unrolled patches may hold (64 MiB); the images of a batch are unrolled in such chunks. */
const LARGEST_CHUNK = 16 * 1024 * 1024;

/**
 * Gradient of the filter: the input's patches, unrolled and transposed to `[kh * kw * C, N * OH * OW]`, times `dy` as
 * `[N * OH * OW, D]`. The product is the filter's own layout.
 */
export function conv2dFilterGradient(
  backend: BackendWasm,
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  geometry: Geometry,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = geometry;
    const { filterHeight, filterWidth } = geometry;
    const filterShape: [number, number, number, number] = [
      filterHeight,
      filterWidth,
      inChannels,
      outChannels,
    ];
    const channelsFirst = transposeMatrix(backend, x, batchSize * inHeight * inWidth, inChannels);
    if (isPointwise(geometry)) {
      return tf.reshape(
        tf.matMul(channelsFirst, copyAsMatrix(backend, dy, outChannels)),
        filterShape,
      ) as tf.Tensor4D;
    }
    const images = Math.max(1, Math.floor(LARGEST_CHUNK / columnSize(geometry)));
    let sum: tf.Tensor | undefined;
    for (let first = 0; first < batchSize; first += images) {
      const count = Math.min(images, batchSize - first);
      const columns = fillTensor(
        backend,
        [filterHeight * filterWidth * inChannels, count * outHeight * outWidth],
        [channelsFirst],
        (target, source) => fillColumns(target, source, geometry, first, count),
      );
      const part = count === batchSize ? dy : tf.slice4d(dy, [first, 0, 0, 0], [count, -1, -1, -1]);
      const product = tf.matMul(columns as tf.Tensor2D, copyAsMatrix(backend, part, outChannels));
      columns.dispose();
      sum = sum === undefined ? product : tf.add(sum, product);
    }
    return tf.reshape(sum ?? tf.zeros(filterShape), filterShape) as tf.Tensor4D;
  });
}

function isPointwise(geometry: Geometry): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = geometry;
  return (
    filterHeight * filterWidth * strideHeight * strideWidth === 1 &&
    padInfo.top + padInfo.bottom + padInfo.left + padInfo.right === 0
  );
}

/**
 * A copy as a matrix. The backend keeps what it packs of a product's right-hand side until that tensor is disposed, and
 * `dy` itself outlives this product by the whole backward pass.
 */
function copyAsMatrix(backend: BackendWasm, tensor: tf.Tensor, columns: number): tf.Tensor2D {
  return fillTensor(backend, [tensor.size / columns, columns], [tensor], (target, source) =>
    target.set(source),
  ) as tf.Tensor2D;
}
