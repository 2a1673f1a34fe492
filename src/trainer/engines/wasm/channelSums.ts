import type * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { fillTensor } from './heap';

const { fround } = Math;

/** Numbers summed into one set of accumulators before the next columns: a piece of the first-level cache. */
const BLOCK = 4096;

/** Rows summed side by side, and the least number of them for which that is done. */
const LANES = 4;
const LEAST_ROWS = 16;

/**
 * Sums over rows in single precision, in the order in which TensorFlow sums them on a CPU: row i into lane i mod 4, the
 * four lanes together, then what is left over. (Eigen, TensorReduction.h, InnerMostDimPreserver.) The rounding of a
 * variance of 25,000 numbers summed that way is about 3e-5 of it, and the loss would show it within a few steps:
 * with another order, however exact, a run does not repeat Keras's.
 */
export function sumChannels(backend: BackendWasm, x: tf.TensorInfo): tf.Tensor {
  const channels = x.shape.at(-1) ?? 1;
  return fillTensor(backend, [channels], [x], (target, source) => {
    const rows = source.length / channels;
    const lanes = rows < LEAST_ROWS ? 1 : LANES;
    const width = lanes * channels;
    const whole = source.length - (source.length % width);
    const sums = sumColumns(source, whole, width);
    for (let channel = 0; channel < channels; channel++) {
      let sum = sums[channel];
      for (let lane = 1; lane < lanes; lane++) sum = fround(sum + sums[lane * channels + channel]);
      for (let from = whole + channel; from < source.length; from += channels)
        sum = fround(sum + source[from]);
      target[channel] = sum;
    }
  });
}

/** Sums of the columns of `[end / width, width]`, four columns at a time in registers. */
function sumColumns(source: Float32Array, end: number, width: number): Float32Array {
  const sums = new Float32Array(width);
  const step = Math.max(1, Math.floor(BLOCK / width)) * width;
  for (let begin = 0; begin < end; begin += step) {
    const stop = Math.min(end, begin + step);
    let column = 0;
    for (; column + 4 <= width; column += 4) {
      let a = sums[column];
      let b = sums[column + 1];
      let c = sums[column + 2];
      let d = sums[column + 3];
      for (let from = begin + column; from < stop; from += width) {
        a = fround(a + source[from]);
        b = fround(b + source[from + 1]);
        c = fround(c + source[from + 2]);
        d = fround(d + source[from + 3]);
      }
      sums[column] = a;
      sums[column + 1] = b;
      sums[column + 2] = c;
      sums[column + 3] = d;
    }
    for (; column < width; column++) {
      for (let from = begin + column; from < stop; from += width) sums[column] += source[from];
    }
  }
  return sums;
}
