import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/convolutionalRecurrent';
import { addBias } from './affine';
import { dropMask } from './regularization';
import { computes, type Forward } from './forward';
import { asImage, pairOf, toChannelsLast } from './layout';
import { lstmStep } from './recurrent';
import { refusesStatefulTraining, runSequence } from './sequence';
import { overDepth } from './volume';

type Window = Pick<catalogue.ConvLstmConfig, 'kernel_size' | 'strides' | 'padding' | 'dilation_rate'>;

/** Over images, or over volumes as a sum of images. */
function slide(values: tf.Tensor, filters: tf.Tensor, window: Window): tf.Tensor {
  const image = (x: tf.Tensor4D, kernel: tf.Tensor4D) =>
    tf.conv2d(x, kernel, pairOf(window.strides), window.padding, 'NHWC', pairOf(window.dilation_rate));
  return values.rank === 5
    ? overDepth(values, filters, window, image)
    : image(values as tf.Tensor4D, filters as tf.Tensor4D);
}

/** Along one axis as over images of one row. The input is convolved for all steps at once, then the states, by turns. */
const convolveSteps: Forward<catalogue.ConvLstmConfig> = (config, [x, ...given], context) => {
  const { activation, recurrent_activation: gate, data_format: format } = config;
  const [batch, steps, ...frame] = x.shape;
  const image = (value: tf.Tensor) => {
    const last = format === 'channels_last' ? value : toChannelsLast(value);
    return frame.length === 2 ? asImage(last) : last;
  };
  const kernel = (name: string) => {
    const values = context.weight(name);
    return frame.length === 2 ? tf.expandDims(values, 0) : values;
  };
  const draws = (rate: number, shape: readonly number[]) =>
    context.training && rate > 0
      ? Array.from({ length: 4 }, () => dropMask(shape, rate, context.random))
      : undefined;
  /** Convolves with the four gates' kernels at once, or with each by itself where something else is dropped for each. */
  const convolve = (
    values: tf.Tensor,
    filters: tf.Tensor,
    dropped: readonly tf.Tensor[] | undefined,
    window: Window,
  ): tf.Tensor =>
    dropped
      ? tf.concat(
          tf
            .split(filters, 4, filters.rank - 1)
            .map((part, at) => slide(tf.mul(values, dropped[at]), part, window)),
          filters.rank - 1,
        )
      : slide(values, filters, window);

  const frames = image(tf.reshape(x, [batch * steps, ...frame]));
  const [, ...numbers] = frames.shape;
  const alike = draws(config.dropout, [batch, 1, ...numbers])?.map((mask) =>
    tf.reshape(tf.tile(mask, [1, steps, ...numbers.map(() => 1)]), frames.shape),
  );
  const product = convolve(frames, kernel('kernel'), alike, config);
  const biased = config.use_bias ? addBias(product, context.weight('bias')) : product;
  const size = biased.shape.slice(1, -1);
  const state = [batch, ...size, config.filters];
  const dropped = draws(config.recurrent_dropout, state);
  const recurrentKernel = kernel('recurrent_kernel');
  const ones = config.strides.map(() => 1);
  const same = { ...config, strides: ones, dilation_rate: ones, padding: 'same' } as const;
  const outputs = runSequence(
    config,
    tf.reshape(biased, [batch, steps, ...size, 4 * config.filters]),
    { given: given.map(image), zeros: () => [tf.zeros(state), tf.zeros(state)] },
    context,
    (step, [hidden, carry]) => {
      const recurred = convolve(hidden, recurrentKernel, dropped, same);
      return lstmStep(tf.add(step, recurred), carry, activation, gate);
    },
  );
  return outputs.map((output, index) => {
    const lead = index === 0 && config.return_sequences ? 2 : 1;
    const [head, tail] = [output.shape.slice(0, lead), output.shape.slice(lead)];
    const shape = frame.length === 2 ? tail.slice(1) : tail;
    const value = tf.reshape(output, [head.reduce((a, b) => a * b, 1), ...shape]);
    const laidOut = format === 'channels_last' ? value : toChannelsFirst(value);
    return tf.reshape(laidOut, [...head, ...laidOut.shape.slice(1)]);
  });
};

const toChannelsFirst = (x: tf.Tensor): tf.Tensor =>
  tf.transpose(x, [0, x.rank - 1, ...Array.from({ length: x.rank - 2 }, (_, axis) => axis + 1)]);

export const convolutionalRecurrences = [
  catalogue.convLstm1d,
  catalogue.convLstm2d,
  catalogue.convLstm3d,
].map((kind) => computes(kind, convolveSteps, () => undefined, refusesStatefulTraining));
