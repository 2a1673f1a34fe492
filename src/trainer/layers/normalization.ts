import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/normalization';
import type { Numbers } from '../../core/layers/preprocessing';
import * as preprocessing from '../../core/layers/preprocessing';
import * as residual from '../../core/layers/residual';
import * as sample from '../../core/layers/sampleNormalization';
import { addBias, scaleAndShift } from './affine';
import { standardize, standardizeBatch } from './batchStatistics';
import { computes, type Forward } from './forward';
import { unitLength } from './unitLength';

/** What Keras calls `backend.epsilon()`. */
const EPSILON = 1e-7;

/** Of keras.layers.UnitNormalization. */
const UNIT_EPSILON = 1e-12;

/** Source: keras.layers.BatchNormalization.call. Both variances, the batch's and the moving one's, are biased. */
const normalizeBatch: Forward<catalogue.BatchNormalizationConfig> = (config, [x], context) =>
  alongLastAxis(x, config.axis, (input) => {
    const channels = [input.shape[input.rank - 1]];
    const gamma = () => (config.scale ? context.weight('gamma') : tf.ones(channels));
    const beta = () => (config.center ? context.weight('beta') : tf.zeros(channels));
    if (context.batchStatistics) {
      const move = (name: string, value: tf.Tensor) => {
        const kept = tf.mul(context.weight(name), config.momentum);
        context.assign(name, tf.add(kept, tf.mul(value, 1 - config.momentum)));
      };
      return standardizeBatch(input, gamma(), beta(), config.epsilon, (mean, variance) => {
        move('moving_mean', mean);
        move('moving_variance', variance);
      });
    }
    const moving = {
      gamma: gamma(),
      beta: beta(),
      mean: context.weight('moving_mean'),
      variance: context.weight('moving_variance'),
      epsilon: config.epsilon,
    };
    return standardize(input, moving, context.trainable);
  });

function alongLastAxis(x: tf.Tensor, axis: number, compute: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  if (at === x.rank - 1) return compute(x);
  const order = [...x.shape.keys()].filter((index) => index !== at).concat(at);
  const back = order.map((_, axis) => order.indexOf(axis));
  return tf.transpose(compute(tf.transpose(x, order)), back);
}

const normalizeSample: Forward<catalogue.LayerNormalizationConfig> = (config, [x], { weight }) => {
  const axes = config.axis.map((axis) => catalogue.resolveAxis(x.shape, axis));
  const { mean, variance } = tf.moments(x, axes, true);
  const standard = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, config.epsilon)));
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  const scaled = config.scale ? tf.mul(standard, tf.reshape(weight('gamma'), shape)) : standard;
  return config.center ? tf.add(scaled, tf.reshape(weight('beta'), shape)) : scaled;
};

const normalizeGroups: Forward<sample.GroupNormalizationConfig> = (config, [x], { weight }) =>
  alongLastAxis(x, config.axis, (input) => {
    const channels = input.shape[input.rank - 1];
    const groups = config.groups === -1 ? channels : config.groups;
    const grouped = tf.reshape(input, [input.shape[0], -1, groups, channels / groups]);
    const { mean, variance } = tf.moments(grouped, [1, 3], true);
    const standard = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, config.epsilon)));
    const y = tf.reshape(standard, input.shape);
    if (!config.scale) return config.center ? addBias(y, weight('beta')) : y;
    return scaleAndShift(y, weight('gamma'), config.center ? weight('beta') : tf.zeros([channels]));
  });

const normalizeRootMeanSquare: Forward<sample.RmsNormalizationConfig> = (config, [x], { weight }) => {
  const axes = config.axis.map((axis) => catalogue.resolveAxis(x.shape, axis));
  const meanSquare = tf.mean(tf.square(x), axes, true);
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, config.epsilon))), weight('scale'));
};

const normalizeData: Forward<preprocessing.NormalizationConfig> = (config, [x], { weight }) => {
  const axes = config.axis.map((axis) => catalogue.resolveAxis(x.shape, axis));
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  const statistic = (given: Numbers | null, name: string) => {
    const values = given === null ? weight(name) : tensorOf(given);
    return values.size === 1 ? tf.reshape(values, []) : tf.reshape(values, shape);
  };
  const mean = statistic(config.mean, 'mean');
  const deviation = tf.maximum(tf.sqrt(statistic(config.variance, 'variance')), EPSILON);
  return config.invert ? tf.add(mean, tf.mul(x, deviation)) : tf.div(tf.sub(x, mean), deviation);
};

function tensorOf(numbers: Numbers): tf.Tensor {
  return tf.tensor(numbers as tf.TensorLike, undefined, 'float32');
}

export const normalizations = [
  computes(catalogue.batchNormalization, normalizeBatch),
  computes(catalogue.layerNormalization, normalizeSample),
  computes(sample.groupNormalization, normalizeGroups),
  computes(sample.rmsNormalization, normalizeRootMeanSquare),
  computes(sample.unitNormalization, ({ axis }, [x]) => unitLength(x, axis, UNIT_EPSILON)),
  computes(residual.layerScale, (_config, [x], { weight }) => tf.mul(x, weight('gamma'))),
  computes(preprocessing.normalization, normalizeData),
  computes(preprocessing.rescaling, ({ scale, offset }, [x]) =>
    tf.add(tf.mul(x, tensorOf(scale)), tensorOf(offset)),
  ),
];
