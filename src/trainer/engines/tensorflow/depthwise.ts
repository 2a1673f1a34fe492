import * as tf from '@tensorflow/tfjs-core';

type Attrs = Readonly<{
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  dilations?: [number, number] | number;
}>;

/**
 * Replaces the depthwise convolution where it is dilated: TensorFlow's own kernel for processors has none, and only the
 * one of oneDNN, which not every processor or setting has, makes up for it. Once a process.
 */
export function registerDilatedDepthwise(): void {
  const kernelName = tf.DepthwiseConv2dNative;
  const stock = tf.getKernel(kernelName, 'tensorflow');
  if (!stock || stock.kernelFunc === replaced) return;
  const kernelFunc: tf.KernelFunc = (call) => {
    const { x, filter } = call.inputs as unknown as Readonly<Record<'x' | 'filter', tf.Tensor4D>>;
    const { strides, pad, dilations = 1 } = call.attrs as unknown as Attrs;
    if ([dilations].flat().every((dilation) => dilation === 1)) return stock.kernelFunc(call);
    const geometry = tf.backend_util.computeConv2DInfo(
      x.shape,
      filter.shape,
      strides,
      dilations,
      pad,
      undefined,
      true,
    );
    return tf.tidy(() => sumOfTaps(x, filter, geometry));
  };
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({ ...stock, kernelFunc });
  replaced = kernelFunc;
}

let replaced: tf.KernelFunc | undefined;

/** A tap of the filter after the other, times what it sees of `x`. With a dilation the strides are one. */
function sumOfTaps(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: tf.backend_util.Conv2DInfo): tf.Tensor {
  const { padInfo, batchSize, outHeight, outWidth, inChannels, outChannels, outShape } = geometry;
  const padded = tf.pad4d(x, [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ]);
  const multiplier = outChannels / inChannels;
  const taps: tf.Tensor[] = [];
  for (let row = 0; row < geometry.filterHeight; row++) {
    for (let column = 0; column < geometry.filterWidth; column++) {
      const seen = tf.slice4d(
        padded,
        [0, row * geometry.dilationHeight, column * geometry.dilationWidth, 0],
        [batchSize, outHeight, outWidth, inChannels],
      );
      const tap = tf.slice4d(filter, [row, column, 0, 0], [1, 1, inChannels, multiplier]);
      taps.push(tf.mul(tf.reshape(seen, [-1, inChannels, 1]), tf.reshape(tap, [1, inChannels, multiplier])));
    }
  }
  return tf.reshape(tf.addN(taps), outShape);
}
