import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/convolution';
import { depthwiseConv2d, separableConv2d } from '../../core/layers/depthwiseConvolution';
import type { Pair } from '../../core/layers/fields';
import { conv2dTranspose } from '../../core/layers/transposedConvolution';
import { activate } from './activate';
import { addBias } from './affine';
import { computes, type CallContext, type Forward } from './forward';
import { asImage, channelsLast, fromImage } from './layout';

interface Biased {
  readonly use_bias: boolean;
}

/** Adds the bias, on `[N, ..., C]`. */
function withBias(y: tf.Tensor, { use_bias: hasBias }: Biased, { weight }: CallContext): tf.Tensor {
  return hasBias ? addBias(y, weight('bias')) : y;
}

/** Along one axis as over an image of one row. */
const convolve: Forward<catalogue.ConvolutionConfig> = (config, [x], context) =>
  activate(
    config.activation,
    channelsLast(x, config.data_format, (input) => {
      const image = asImage(input);
      const kernel = asKernel(context.weight('kernel'));
      const pair = (sizes: readonly number[]): [number, number] => [sizes.at(-2) ?? 1, sizes.at(-1) ?? 1];
      const dilation = pair(config.dilation_rate);
      const padding =
        config.padding === 'causal' ? causal(dilation[1] * (config.kernel_size[0] - 1)) : config.padding;
      const { groups } = config;
      const parts: tf.Tensor4D[] = groups === 1 ? [image] : tf.split(image, groups, 3);
      const kernels: tf.Tensor4D[] = groups === 1 ? [kernel] : tf.split(kernel, groups, 3);
      const outputs = parts.map((part, group) =>
        tf.conv2d(part, kernels[group], pair(config.strides), padding, 'NHWC', dilation),
      );
      const y = groups === 1 ? outputs[0] : tf.concat(outputs, 3);
      return withBias(fromImage(y, input.rank), config, context);
    }),
  );

const causal = (before: number): tf.backend_util.ExplicitPadding => [
  [0, 0],
  [0, 0],
  [before, 0],
  [0, 0],
];

function asKernel(kernel: tf.Tensor): tf.Tensor4D {
  return kernel.rank === 4 ? (kernel as tf.Tensor4D) : tf.expandDims(kernel, 0);
}

interface DepthwiseWindow {
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
  readonly dilation_rate: Pair;
}

function depthwise(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { strides, padding, dilation_rate: dilation }: DepthwiseWindow,
) {
  return tf.depthwiseConv2d(
    x as tf.Tensor4D,
    kernel as tf.Tensor4D,
    [...strides] as [number, number],
    padding,
    'NHWC',
    [...dilation] as [number, number],
  );
}

export const convolutions = [
  computes(catalogue.conv1d, convolve),
  computes(catalogue.conv2d, convolve),
  computes(depthwiseConv2d, (config, [x], context) =>
    activate(
      config.activation,
      channelsLast(x, config.data_format, (input) =>
        withBias(depthwise(input, context.weight('kernel'), config), config, context),
      ),
    ),
  ),
  computes(separableConv2d, (config, [x], context) =>
    activate(
      config.activation,
      channelsLast(x, config.data_format, (input) => {
        const between = depthwise(input, context.weight('depthwise_kernel'), config);
        const mixed = tf.conv2d(between, context.weight('pointwise_kernel') as tf.Tensor4D, 1, 'valid');
        return withBias(mixed, config, context);
      }),
    ),
  ),
  computes(
    conv2dTranspose,
    (config, [x], context) =>
      activate(
        config.activation,
        channelsLast(x, config.data_format, (input) => {
          const [shape] = conv2dTranspose.outputs({ ...config, data_format: 'channels_last' }, [input.shape]);
          const y = tf.conv2dTranspose(
            input as tf.Tensor4D,
            context.weight('kernel') as tf.Tensor4D,
            shape as [number, number, number, number],
            [...config.strides] as [number, number],
            config.padding,
          );
          return withBias(y, config, context);
        }),
      ),
    ({ dilation_rate: dilation }) =>
      dilation.some((rate) => rate > 1)
        ? `dilation_rate [${dilation.join(', ')}], expected [1, 1]: no engine computes a dilated transpose`
        : undefined,
  ),
];
