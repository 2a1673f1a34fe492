import * as tf from '@tensorflow/tfjs-core';
import type { Padding } from '../../core/layers/spatial';

/**
 * Convolutions of volumes `[N, D, H, W, C]`. A convolution in three dimensions is a sum, over the depth of its kernel, of
 * convolutions of images; those are fast, and have every gradient, on every engine. Tensors are cut as `[N, D, rest]`,
 * because few kernels take five axes.
 */

type OfImages = (image: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor4D;

interface DepthWindow {
  readonly kernel_size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilation_rate: readonly number[];
}

/** @param convolve a slice of the volume with a slice of the kernel, `[kh, kw, C, F]` */
export function overDepth(
  x: tf.Tensor,
  kernel: tf.Tensor,
  window: DepthWindow,
  convolve: OfImages,
): tf.Tensor {
  const [batch, depth, height, width, channels] = x.shape;
  const [taps, stride, dilation] = [window.kernel_size[0], window.strides[0], window.dilation_rate[0]];
  const reach = dilation * (taps - 1) + 1;
  const missing = window.padding === 'same' ? paddingOf(depth, reach, stride) : 0;
  const before = Math.floor(missing / 2);
  const size = Math.floor((depth + missing - reach) / stride) + 1;
  const slices = tf.pad3d(tf.reshape(x, [batch, depth, -1]), [
    [0, 0],
    [before, missing - before],
    [0, 0],
  ]);
  const images = Array.from({ length: taps }, (_, tap) => {
    const read = everyNth(slices, tap * dilation, stride, size);
    const image = tf.reshape(read, [batch * size, height, width, channels]) as tf.Tensor4D;
    return convolve(image, kernelSlice(kernel, tap));
  });
  const sum = images.reduce((a, b) => tf.add(a, b));
  return tf.reshape(sum, [batch, size, ...sum.shape.slice(1)]);
}

/** `size` slices from `begin` on, `stride` apart, of `[N, D, rest]`. */
function everyNth(x: tf.Tensor3D, begin: number, stride: number, size: number): tf.Tensor3D {
  const [batch, depth, rest] = x.shape;
  if (stride === 1) return tf.slice3d(x, [0, begin, 0], [batch, size, rest]);
  const reach = Math.min(size * stride, depth - begin);
  const read = tf.slice3d(x, [0, begin, 0], [batch, reach, rest]);
  const whole = tf.pad3d(read, [
    [0, 0],
    [0, size * stride - reach],
    [0, 0],
  ]);
  const cells = tf.reshape(whole, [batch * size, stride, rest]) as tf.Tensor3D;
  return tf.reshape(tf.slice3d(cells, [0, 0, 0], [-1, 1, -1]), [batch, size, rest]);
}

function kernelSlice(kernel: tf.Tensor, tap: number): tf.Tensor4D {
  const [taps, height, width, before, after] = kernel.shape;
  const flat = tf.reshape(kernel, [taps, -1]) as tf.Tensor2D;
  return tf.reshape(tf.slice2d(flat, [tap, 0], [1, -1]), [height, width, before, after]);
}

/** Source: TensorFlow's `SAME`, the odd one behind. */
function paddingOf(size: number, reach: number, stride: number): number {
  return Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
}

interface DepthSpread {
  /** Slices of the kernel. */
  readonly taps: number;
  readonly strides: readonly number[];
  readonly padding: 'valid' | 'same';
  /** Of the output. */
  readonly size: number;
}

/**
 * The transpose of `overDepth`: slice i of the input goes, by tap k of the kernel, to slice `i * stride + k` of the
 * output, less the padding in front.
 *
 * @param spread a slice of the volume by a slice of the kernel, `[kh, kw, F, C]`
 */
export function spreadOverDepth(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { taps, strides, padding, size }: DepthSpread,
  spread: OfImages,
): tf.Tensor {
  const [batch, depth, height, width, channels] = x.shape;
  const [stride] = strides;
  const before = padding === 'same' ? Math.floor(Math.max(0, (depth - 1) * stride + taps - size) / 2) : 0;
  const reach = Math.max(depth * stride + taps - 1, before + size);
  const images = tf.reshape(x, [batch * depth, height, width, channels]) as tf.Tensor4D;
  const spreads = Array.from({ length: taps }, (_, tap) => spread(images, kernelSlice(kernel, tap)));
  const [, ...image] = spreads[0].shape;
  const placed = spreads.map((slices, tap) => {
    const apart = tf.pad3d(tf.reshape(slices, [batch * depth, 1, -1]), [
      [0, 0],
      [0, stride - 1],
      [0, 0],
    ]);
    return tf.pad3d(tf.reshape(apart, [batch, depth * stride, -1]), [
      [0, 0],
      [tap, reach - depth * stride - tap],
      [0, 0],
    ]);
  });
  const sum = placed.reduce((a, b) => tf.add(a, b));
  return tf.reshape(tf.slice3d(sum, [0, before, 0], [-1, size, -1]), [batch, size, ...image]);
}
