import * as tf from '@tensorflow/tfjs-core';
import type { DataFormat } from '../../core/layers/fields';

/** Computes on `[N, ..., C]` whichever way round the layer's tensors are: the engines know no other. */
export function channelsLast(
  x: tf.Tensor,
  format: DataFormat,
  compute: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (format === 'channels_last') return compute(x);
  const y = compute(toChannelsLast(x));
  return y.rank < 3 ? y : tf.transpose(y, [0, y.rank - 1, ...range(1, y.rank - 1)]);
}

export function toChannelsLast(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [0, ...range(2, x.rank), 1]);
}

/** `[N, L, C]` as an image of one row. */
export function asImage(x: tf.Tensor): tf.Tensor4D {
  if (x.rank === 4) return x as tf.Tensor4D;
  const [batch, steps, channels] = x.shape;
  return tf.reshape(x, [batch, 1, steps, channels]);
}

/** The image of one row back as `[N, L, C]`, where `rank` is that of the input it came from. */
export function fromImage(y: tf.Tensor4D, rank: number): tf.Tensor {
  return rank === 4 ? y : tf.squeeze(y, [1]);
}

function range(begin: number, end: number): number[] {
  return Array.from({ length: end - begin }, (_, index) => begin + index);
}

/** A kernel of one axis as that of an image of one row. */
export function asImageKernel(kernel: tf.Tensor): tf.Tensor4D {
  return kernel.rank === 4 ? (kernel as tf.Tensor4D) : tf.expandDims(kernel, 0);
}

/** Along the last two axes of the sizes by axis, the first of which is one where there is only one. */
export function pairOf(sizes: readonly number[]): [number, number] {
  return [sizes.at(-2) ?? 1, sizes.at(-1) ?? 1];
}
