import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/convolutionalRecurrent';
import { addBias } from './affine';
import { dropMask } from './regularization';
import { computes, type Forward } from './forward';
import { asImage, toChannelsLast } from './layout';
import { lstmStep } from './recurrent';
import { runSteps } from './sequence';

/** Along one axis as over images of one row. The input is convolved for all steps at once, then the states, by turns. */
const convolveSteps: Forward<catalogue.ConvLstmConfig> = (config, [x, ...given], context) => {
  const { activation, recurrent_activation: gate, data_format: format } = config;
  const [batch, steps, ...frame] = x.shape;
  const image = (value: tf.Tensor) => asImage(format === 'channels_last' ? value : toChannelsLast(value));
  const kernel = (name: string) => {
    const values = context.weight(name);
    return (values.rank === 4 ? values : tf.expandDims(values, 0)) as tf.Tensor4D;
  };
  const pair = (sizes: readonly number[]): [number, number] => [sizes.at(-2) ?? 1, sizes.at(-1) ?? 1];
  const draws = (rate: number, shape: readonly number[]) =>
    context.training && rate > 0
      ? Array.from({ length: 4 }, () => dropMask(shape, rate, context.random))
      : undefined;
  /** Convolves with the four gates' kernels at once, or with each by itself where something else is dropped for each. */
  const convolve = (
    values: tf.Tensor4D,
    filters: tf.Tensor4D,
    dropped: readonly tf.Tensor[] | undefined,
    one: (values: tf.Tensor4D, filters: tf.Tensor4D) => tf.Tensor4D,
  ): tf.Tensor4D =>
    dropped
      ? tf.concat(
          tf.split(filters, 4, 3).map((part, at) => one(tf.mul(values, dropped[at]), part as tf.Tensor4D)),
          3,
        )
      : one(values, filters);

  const frames = image(tf.reshape(x, [batch * steps, ...frame]));
  const [, height, width, channels] = frames.shape;
  const alike = draws(config.dropout, [batch, 1, height, width, channels])?.map((mask) =>
    tf.reshape(tf.tile(mask, [1, steps, 1, 1, 1]), frames.shape),
  );
  const product = convolve(frames, kernel('kernel'), alike, (values, filters) =>
    tf.conv2d(values, filters, pair(config.strides), config.padding, 'NHWC', pair(config.dilation_rate)),
  );
  const biased = config.use_bias ? addBias(product, context.weight('bias')) : product;
  const size = biased.shape.slice(1, 3);
  const state = [batch, ...size, config.filters];
  const initial = given.length > 0 ? given.map(image) : [tf.zeros(state), tf.zeros(state)];
  const dropped = draws(config.recurrent_dropout, state);
  const recurrentKernel = kernel('recurrent_kernel');
  const outputs = runSteps(
    config,
    tf.reshape(biased, [batch, steps, ...size, 4 * config.filters]),
    initial,
    context.masks?.[0],
    (step, [hidden, carry]) => {
      const recurred = convolve(hidden as tf.Tensor4D, recurrentKernel, dropped, (values, filters) =>
        tf.conv2d(values, filters, 1, 'same'),
      );
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
  computes(catalogue.convLstm1d, convolveSteps),
  computes(catalogue.convLstm2d, convolveSteps),
];
