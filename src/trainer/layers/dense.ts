import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/dense';
import { activate } from './activate';
import { addBias } from './affine';
import { computes } from './forward';

/** Over the last axis; the axes before it are rows. */
export const dense = computes(catalogue.dense, (config, [x], { weight }) => {
  const rows = tf.reshape(x, [-1, x.shape[x.rank - 1]]) as tf.Tensor2D;
  const product = tf.matMul(rows, weight('kernel') as tf.Tensor2D);
  const y = config.use_bias ? addBias(product, weight('bias')) : product;
  return activate(config.activation, tf.reshape(y, [...x.shape.slice(0, -1), config.units]));
});
