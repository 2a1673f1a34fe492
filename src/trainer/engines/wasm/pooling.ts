import type * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { fillTensor } from './heap';

type Geometry = tf.backend_util.Conv2DInfo;

/** Calls `visit` for each output position with its window, padding left out. */
function eachWindow(
  geometry: Geometry,
  visit: (image: number, output: number, y0: number, y1: number, x0: number, x1: number) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = geometry;
  const { strideHeight, strideWidth } = geometry;
  for (let image = 0, output = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      const top = row * strideHeight - padInfo.top;
      const y0 = Math.max(0, top);
      const y1 = Math.min(inHeight, top + filterHeight);
      for (let column = 0; column < outWidth; column++, output++) {
        const left = column * strideWidth - padInfo.left;
        visit(image, output, y0, y1, Math.max(0, left), Math.min(inWidth, left + filterWidth));
      }
    }
  }
}

/** Routes each `dy` to its window's maximum: the first, in row-major order, as TensorFlow does. */
export function maxPoolGradient(
  backend: BackendWasm,
  dy: tf.TensorInfo,
  input: tf.TensorInfo,
  geometry: Geometry,
): tf.Tensor {
  const { inHeight, inWidth, inChannels: channels } = geometry;
  return fillTensor(backend, input.shape, [dy, input], (target, gradient, values) => {
    target.fill(0);
    eachWindow(geometry, (image, output, y0, y1, x0, x1) => {
      for (let channel = 0; channel < channels; channel++) {
        let largest = -Infinity;
        let at = -1;
        for (let y = y0; y < y1; y++) {
          let from = ((image * inHeight + y) * inWidth + x0) * channels + channel;
          for (let x = x0; x < x1; x++, from += channels) {
            const value = values[from];
            if (value > largest || at < 0) {
              largest = value;
              at = from;
            }
          }
        }
        if (at >= 0) target[at] = target[at] + gradient[output * channels + channel];
      }
    });
  });
}

/** Spreads each `dy` over the inputs its mean was of: padding is not counted, as in the forward pass. */
export function averagePoolGradient(
  backend: BackendWasm,
  dy: tf.TensorInfo,
  input: tf.TensorInfo,
  geometry: Geometry,
): tf.Tensor {
  const { inHeight, inWidth, inChannels: channels } = geometry;
  return fillTensor(backend, input.shape, [dy], (target, gradient) => {
    target.fill(0);
    eachWindow(geometry, (image, output, y0, y1, x0, x1) => {
      const share = 1 / ((y1 - y0) * (x1 - x0));
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          let to = ((image * inHeight + y) * inWidth + x) * channels;
          const from = output * channels;
          for (let channel = 0; channel < channels; channel++, to++) {
            target[to] = target[to] + gradient[from + channel] * share;
          }
        }
      }
    });
  });
}
