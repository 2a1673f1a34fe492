import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { channelSums } from '../channelSums';
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
 * Gradient of the filter, tap by tap: the inputs that the tap reads, times `dy`, summed over everything but the
 * channel.
 */
export function depthwiseFilterGradient(
  backend: BackendWasm,
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  geometry: Geometry,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { filterHeight, filterWidth, inChannels, outChannels } = geometry;
    const taps: tf.Tensor[] = [];
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        taps.push(tf.tidy(() => channelSums(tf.mul(tapInputs(backend, x, geometry, i, j), dy))));
      }
    }
    return tf.reshape(tf.stack(taps), [filterHeight, filterWidth, inChannels, outChannels / inChannels]);
  });
}

/** What tap (i, j) reads for each output: `[N, OH, OW, C * M]`, zero where it reads padding. */
function tapInputs(
  backend: BackendWasm,
  x: tf.Tensor4D,
  geometry: Geometry,
  i: number,
  j: number,
): tf.Tensor {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const { strideHeight, strideWidth } = geometry;
  const multiplier = outChannels / inChannels;
  return fillTensor(backend, [batchSize, outHeight, outWidth, outChannels], [x], (target, source) => {
    let to = 0;
    for (let image = 0; image < batchSize; image++) {
      for (let row = 0; row < outHeight; row++) {
        const y = row * strideHeight + i - padInfo.top;
        for (let column = 0; column < outWidth; column++) {
          const left = column * strideWidth + j - padInfo.left;
          const stop = to + outChannels;
          if (y < 0 || y >= inHeight || left < 0 || left >= inWidth) {
            while (to < stop) target[to++] = 0;
            continue;
          }
          let from = ((image * inHeight + y) * inWidth + left) * inChannels;
          if (multiplier === 1) while (to < stop) target[to++] = source[from++];
          for (; to < stop; from++) for (let m = 0; m < multiplier; m++) target[to++] = source[from];
        }
      }
    }
  });
}
