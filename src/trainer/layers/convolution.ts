import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/convolution';
import * as depthwises from '../../core/layers/depthwiseConvolution';
import * as transposed from '../../core/layers/transposedConvolution';
import { activate } from './activate';
import { addBias } from './affine';
import { computes, type CallContext, type Forward } from './forward';
import { asImage, asImageKernel, channelsLast, fromImage, pairOf } from './layout';
import { overDepth, spreadOverDepth } from './volume';

interface Biased {
  readonly use_bias: boolean;
}

/** Adds the bias, on `[N, ..., C]`. */
function withBias(y: tf.Tensor, { use_bias: hasBias }: Biased, { weight }: CallContext): tf.Tensor {
  return hasBias ? addBias(y, weight('bias')) : y;
}

type Convolution = Pick<
  catalogue.ConvolutionConfig,
  'kernel_size' | 'strides' | 'padding' | 'dilation_rate' | 'groups'
>;

/** Of images, over the last two spatial axes that the configuration speaks of. */
function convolveImage(image: tf.Tensor4D, kernel: tf.Tensor4D, config: Convolution): tf.Tensor4D {
  const dilation = pairOf(config.dilation_rate);
  const padding =
    config.padding === 'causal' ? causal(dilation[1] * (config.kernel_size[0] - 1)) : config.padding;
  const { groups } = config;
  const parts: tf.Tensor4D[] = groups === 1 ? [image] : tf.split(image, groups, 3);
  const kernels: tf.Tensor4D[] = groups === 1 ? [kernel] : tf.split(kernel, groups, 3);
  const outputs = parts.map((part, group) =>
    tf.conv2d(part, kernels[group], pairOf(config.strides), padding, 'NHWC', dilation),
  );
  return groups === 1 ? outputs[0] : tf.concat(outputs, 3);
}

const causal = (before: number): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [0, 0],
  [before, 0],
  [0, 0],
];

/** Along one axis as over an image of one row, over three as a sum of images. */
const convolve: Forward<catalogue.ConvolutionConfig> = (config, [x], context) =>
  activate(
    config.activation,
    channelsLast(x, config.data_format, (input) => {
      const kernel = context.weight('kernel');
      const y =
        input.rank === 5
          ? overDepth(input, kernel, config, (image, slice) => convolveImage(image, slice, config))
          : fromImage(convolveImage(asImage(input), asImageKernel(kernel), config), input.rank);
      return withBias(y, config, context);
    }),
  );

type DepthwiseWindow = Pick<depthwises.DepthwiseConfig, 'strides' | 'padding' | 'dilation_rate'>;

function convolveDepthwise(x: tf.Tensor4D, kernel: tf.Tensor, config: DepthwiseWindow): tf.Tensor4D {
  const { strides, padding, dilation_rate: dilation } = config;
  // One row may be strided by anything, and TensorFlow strides both axes alike.
  const [rows, columns] = strides.length === 1 ? [strides[0], strides[0]] : pairOf(strides);
  return tf.depthwiseConv2d(x, asImageKernel(kernel), [rows, columns], padding, 'NHWC', pairOf(dilation));
}

const depthwise: Forward<depthwises.DepthwiseConfig> = (config, [x], context) =>
  activate(
    config.activation,
    channelsLast(x, config.data_format, (input) => {
      const y = convolveDepthwise(asImage(input), context.weight('kernel'), config);
      return withBias(fromImage(y, input.rank), config, context);
    }),
  );

const separable: Forward<depthwises.SeparableConfig> = (config, [x], context) =>
  activate(
    config.activation,
    channelsLast(x, config.data_format, (input) => {
      const between = convolveDepthwise(asImage(input), context.weight('depthwise_kernel'), config);
      const mixed = tf.conv2d(between, asImageKernel(context.weight('pointwise_kernel')), 1, 'valid');
      return withBias(fromImage(mixed, input.rank), config, context);
    }),
  );

const spread =
  (kind: typeof transposed.conv2dTranspose): Forward<transposed.TransposedConvolutionConfig> =>
  (config, [x], context) =>
    activate(
      config.activation,
      channelsLast(x, config.data_format, (input) => {
        const [shape] = kind.outputs({ ...config, data_format: 'channels_last' }, [input.shape]);
        const space = (shape as number[]).slice(1, -1);
        const [height, width] = space.length === 1 ? [1, space[0]] : space.slice(-2);
        const kernel = dilated(context.weight('kernel'), config.dilation_rate);
        const spreadImage = (image: tf.Tensor4D, slice: tf.Tensor4D) =>
          tf.conv2dTranspose(
            image,
            slice,
            [image.shape[0], height, width, config.filters],
            pairOf(config.strides),
            config.padding,
          );
        const y =
          input.rank === 5
            ? spreadOverDepth(
                input,
                kernel,
                { ...config, taps: kernel.shape[0], size: space[0] },
                spreadImage,
              )
            : fromImage(spreadImage(asImage(input), asImageKernel(kernel)), input.rank);
        return withBias(y, config, context);
      }),
    );

/** Zeros between the taps of a kernel `[...taps, filters, channels]`: no engine spreads by a dilated one itself. */
function dilated(kernel: tf.Tensor, rates: readonly number[]): tf.Tensor {
  return rates.reduce((values, rate, axis) => {
    if (rate === 1 || values.shape[axis] === 1) return values;
    const [before, taps, after] = [
      values.shape.slice(0, axis),
      values.shape[axis],
      values.shape.slice(axis + 1),
    ];
    const rows = tf.reshape(values, [tf.util.sizeFromShape(before) * taps, 1, -1]) as tf.Tensor3D;
    const apart = tf.pad3d(rows, [
      [0, 0],
      [0, rate - 1],
      [0, 0],
    ]);
    const reach = rate * (taps - 1) + 1;
    const cells = tf.reshape(apart, [tf.util.sizeFromShape(before), taps * rate, -1]) as tf.Tensor3D;
    return tf.reshape(tf.slice3d(cells, [0, 0, 0], [-1, reach, -1]), [...before, reach, ...after]);
  }, kernel);
}

export const convolutions = [
  computes(catalogue.conv1d, convolve),
  computes(catalogue.conv2d, convolve),
  computes(catalogue.conv3d, convolve),
  computes(depthwises.depthwiseConv1d, depthwise),
  computes(depthwises.depthwiseConv2d, depthwise),
  computes(depthwises.separableConv1d, separable),
  computes(depthwises.separableConv2d, separable),
  computes(transposed.conv1dTranspose, spread(transposed.conv1dTranspose)),
  computes(transposed.conv2dTranspose, spread(transposed.conv2dTranspose)),
  computes(transposed.conv3dTranspose, spread(transposed.conv3dTranspose)),
];
