import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { inputGradient } from './convolutionInput';
import { fillTensor } from './heap';

type Geometry = tf.backend_util.Conv2DInfo;

/** Gradient of the input: `[N, H, W, C]` from `dy` `[N, OH, OW, C * M]` and the filter `[kh, kw, C, M]`. */
export function depthwiseInputGradient(
  backend: BackendWasm,
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: Geometry,
): tf.Tensor4D {
  const { inShape, inChannels, outChannels, filterWidth, strideHeight, strideWidth } = geometry;
  const multiplier = outChannels / inChannels;
  const perOutput = (shape: Geometry['inShape']): Geometry => ({ ...geometry, inShape: shape });
  return tf.tidy(() => {
    const gradient = inputGradient(
      backend,
      dy,
      perOutput([inShape[0], inShape[1], inShape[2], outChannels]),
      {
        filter: (rows, columns) =>
          fillTensor(backend, [rows.taps, columns.taps, outChannels, 1], [filter], (target, source) => {
            for (let r = 0, to = 0; r < rows.taps; r++) {
              for (let c = 0; c < columns.taps; c++) {
                const y = rows.firstTap + (rows.taps - 1 - r) * strideHeight;
                const x = columns.firstTap + (columns.taps - 1 - c) * strideWidth;
                const from = (y * filterWidth + x) * outChannels;
                for (let channel = 0; channel < outChannels; channel++) target[to++] = source[from + channel];
              }
            }
          }) as tf.Tensor4D,
        convolve: (part, rotated, pad) => tf.depthwiseConv2d(part, rotated, 1, pad),
      },
    );
    if (multiplier === 1) return gradient;
    return tf.reshape(tf.sum(tf.reshape(gradient, [-1, inChannels, multiplier]), 2), inShape);
  });
}

/**
 * Gradient of the filter: for each tap and channel, what the tap reads times `dy`, summed in double precision. One
 * pass in plain JavaScript, because as whole-tensor operations it would take three passes for each tap.
 */
export function depthwiseFilterGradient(
  backend: BackendWasm,
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  geometry: Geometry,
): tf.Tensor4D {
  const { filterHeight, filterWidth, inChannels, outChannels } = geometry;
  const shape = [filterHeight, filterWidth, inChannels, outChannels / inChannels];
  return fillTensor(backend, shape, [x, dy], (target, input, gradient) =>
    target.set(correlate(input, gradient, geometry)),
  ) as tf.Tensor4D;
}

/** `[kh * kw * C * M]`. A row of outputs at a time, which stays in the first-level cache for all taps and channels. */
function correlate(input: Float32Array, gradient: Float32Array, geometry: Geometry): Float64Array {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = geometry;
  const sums = new Float64Array(filterHeight * filterWidth * outChannels);
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideHeight - padInfo.top;
      const output = (image * outHeight + row) * outWidth * outChannels;
      for (let i = Math.max(0, -top); i < filterHeight && top + i < inHeight; i++) {
        const line = (image * inHeight + top + i) * inWidth;
        for (let j = 0; j < filterWidth; j++) {
          const shift = j - padInfo.left;
          const begin = Math.max(0, Math.ceil(-shift / strideWidth));
          const end = Math.min(outWidth, Math.floor((inWidth - 1 - shift) / strideWidth) + 1);
          const from = (line + begin * strideWidth + shift) * inChannels;
          const tap = (i * filterWidth + j) * outChannels;
          addProducts(sums, tap, input, from, gradient, output + begin * outChannels, end - begin, geometry);
        }
      }
    }
  }
  return sums;
}

/** Adds, for each channel of one tap, the products along a row of `count` outputs; four channels in registers. */
function addProducts(
  sums: Float64Array,
  tap: number,
  input: Float32Array,
  from: number,
  gradient: Float32Array,
  output: number,
  count: number,
  { inChannels, outChannels, strideWidth }: Geometry,
): void {
  const multiplier = outChannels / inChannels;
  const advance = strideWidth * inChannels;
  let channel = 0;
  if (multiplier === 1) {
    for (; channel + 4 <= outChannels; channel += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let x = from + channel;
      let dy = output + channel;
      for (let column = 0; column < count; column++, x += advance, dy += outChannels) {
        a += input[x] * gradient[dy];
        b += input[x + 1] * gradient[dy + 1];
        c += input[x + 2] * gradient[dy + 2];
        d += input[x + 3] * gradient[dy + 3];
      }
      sums[tap + channel] += a;
      sums[tap + channel + 1] += b;
      sums[tap + channel + 2] += c;
      sums[tap + channel + 3] += d;
    }
  }
  for (; channel < outChannels; channel++) {
    let sum = 0;
    let x = from + Math.floor(channel / multiplier);
    let dy = output + channel;
    for (let column = 0; column < count; column++, x += advance, dy += outChannels)
      sum += input[x] * gradient[dy];
    sums[tap + channel] += sum;
  }
}
