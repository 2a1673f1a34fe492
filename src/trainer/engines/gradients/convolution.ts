import * as tf from '@tensorflow/tfjs-core';
import { channelSums } from '../channelSums';

/**
 * Gradients of the convolutions. Undilated ones are the engine's kernels; dilated ones, which tfjs-core refuses, are
 * convolutions again. (With a dilation the stride is one, in tfjs and in Keras.)
 */

interface ConvolutionAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dilations: [number, number] | number | undefined;
}

type Geometry = tf.backend_util.Conv2DInfo;

export const convolutionGradients: tf.GradConfig = {
  kernelName: tf.Conv2D,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dyOrMany, saved, attributes) => {
    const dy = dyOrMany as tf.Tensor4D;
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const attrs = attributes as unknown as ConvolutionAttrs;
    const { strides, pad } = attrs;
    if (isDilated(attrs)) {
      const geometry = geometryOf(x, filter, attrs, false);
      return {
        x: () =>
          tf.conv2d(
            dy,
            tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D,
            1,
            inputPadding(geometry),
            'NHWC',
            [geometry.dilationHeight, geometry.dilationWidth],
          ),
        filter: () => dilatedFilterGradient(x, dy, geometry),
      };
    }
    const run = (kernel: string, inputs: tf.NamedTensorMap, shape: object): tf.Tensor =>
      tf.engine().runKernel(kernel, inputs, { strides, pad, dataFormat: 'NHWC', ...shape });
    return {
      x: () => run(tf.Conv2DBackpropInput, { dy, filter }, { inputShape: x.shape }),
      filter: () => run(tf.Conv2DBackpropFilter, { x, dy }, { filterShape: filter.shape }),
    };
  },
};

export const depthwiseGradients: tf.GradConfig = {
  kernelName: tf.DepthwiseConv2dNative,
  inputsToSave: ['x', 'filter'],
  gradFunc: (dyOrMany, saved, attributes) => {
    const dy = dyOrMany as tf.Tensor4D;
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const attrs = attributes as unknown as ConvolutionAttrs;
    const { strides, pad } = attrs;
    if (isDilated(attrs)) {
      const geometry = geometryOf(x, filter, attrs, true);
      return {
        x: () => dilatedDepthwiseInputGradient(dy, filter, geometry),
        filter: () => dilatedDepthwiseFilterGradient(x, dy, geometry),
      };
    }
    const run = (kernel: string, inputs: tf.NamedTensorMap, shape: object): tf.Tensor =>
      tf.engine().runKernel(kernel, inputs, { strides, pad, dilations: 1, ...shape });
    return {
      x: () => run(tf.DepthwiseConv2dNativeBackpropInput, { dy, filter }, { inputShape: x.shape }),
      filter: () => run(tf.DepthwiseConv2dNativeBackpropFilter, { x, dy }, { filterShape: filter.shape }),
    };
  },
};

function isDilated({ dilations = 1 }: ConvolutionAttrs): boolean {
  return [dilations].flat().some((dilation) => dilation > 1);
}

function geometryOf(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  attrs: ConvolutionAttrs,
  depthwise: boolean,
): Geometry {
  return tf.backend_util.computeConv2DInfo(
    x.shape,
    filter.shape,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    undefined,
    depthwise,
  );
}

/** `dy` padded so that a convolution with the rotated filter gives the input's size again. */
function inputPadding(geometry: Geometry): tf.backend_util.ExplicitPadding {
  const { effectiveFilterHeight, effectiveFilterWidth, padInfo } = geometry;
  return [
    [0, 0],
    [effectiveFilterHeight - 1 - padInfo.top, effectiveFilterHeight - 1 - padInfo.bottom],
    [effectiveFilterWidth - 1 - padInfo.left, effectiveFilterWidth - 1 - padInfo.right],
    [0, 0],
  ];
}

/** The batch as the summed channel: x `[C, H, W, N]` convolved with dy `[OH, OW, N, D]`, a stride a dilation. */
function dilatedFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, geometry: Geometry): tf.Tensor4D {
  const { padInfo, dilationHeight, dilationWidth } = geometry;
  const gradient = tf.conv2d(
    tf.transpose(x, [3, 1, 2, 0]) as tf.Tensor4D,
    tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D,
    [dilationHeight, dilationWidth],
    [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ],
  );
  return tf.transpose(gradient, [1, 2, 0, 3]);
}

function dilatedDepthwiseInputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  geometry: Geometry,
): tf.Tensor4D {
  const { inShape, inChannels, outChannels, filterHeight, filterWidth, dilationHeight, dilationWidth } =
    geometry;
  const rotated = tf.reverse(tf.reshape(filter, [filterHeight, filterWidth, outChannels, 1]), [0, 1]);
  const perOutput = tf.depthwiseConv2d(dy, rotated as tf.Tensor4D, 1, inputPadding(geometry), 'NHWC', [
    dilationHeight,
    dilationWidth,
  ]);
  if (outChannels === inChannels) return perOutput;
  return tf.reshape(tf.sum(tf.reshape(perOutput, [-1, inChannels, outChannels / inChannels]), 2), inShape);
}

function dilatedDepthwiseFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, geometry: Geometry): tf.Tensor4D {
  const { padInfo, batchSize, outHeight, outWidth, inChannels, outChannels } = geometry;
  const multiplier = outChannels / inChannels;
  const padded = tf.pad4d(x, [
    [0, 0],
    [padInfo.top, padInfo.bottom],
    [padInfo.left, padInfo.right],
    [0, 0],
  ]);
  const perChannel = tf.reshape(dy, [-1, inChannels, multiplier]);
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < geometry.filterHeight; i++) {
    for (let j = 0; j < geometry.filterWidth; j++) {
      const start: [number, number, number, number] = [
        0,
        i * geometry.dilationHeight,
        j * geometry.dilationWidth,
        0,
      ];
      const read = tf.slice4d(padded, start, [batchSize, outHeight, outWidth, inChannels]);
      const product = tf.mul(tf.reshape(read, [-1, inChannels, 1]), perChannel);
      taps.push(channelSums(tf.reshape(product, [-1, outChannels])));
    }
  }
  return tf.reshape(tf.stack(taps), [...geometry.filterShape]);
}
