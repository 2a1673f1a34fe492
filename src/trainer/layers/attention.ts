import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/attention';
import { byRole } from '../../core/layers/callFlags';
import * as heads from '../../core/layers/multiHeadAttention';
import { addBias } from './affine';
import { allOf, causalMask, windowMask } from './attentionMasks';
import { dropMask } from './regularization';
import { computes, type CallContext, type Forward } from './forward';

/** What Keras takes from the score of a hidden step; the softmax of the rest is as if it were not there. */
const HIDDEN = 1e9;

type SequenceConfig = Pick<
  catalogue.AttentionConfig,
  'call_inputs' | 'use_causal_mask' | 'return_attention_scores' | 'dropout'
>;

/**
 * Attention of `[N, T, C]` to `[N, S, C]` by scores `[N, T, S]`.
 * Source: keras.layers.Attention.
 */
function attend<C extends SequenceConfig & Readonly<Record<string, unknown>>>(
  score: (config: C, query: tf.Tensor3D, key: tf.Tensor3D, context: CallContext) => tf.Tensor,
): Forward<C> {
  return (config, inputs, context) => {
    const { query, value, key } = byRole(config.call_inputs, inputs);
    const masks = byRole(config.call_inputs, context.masks ?? []);
    const scores = score(config, query as tf.Tensor3D, key as tf.Tensor3D, context);
    const [, targets, sources] = scores.shape;
    const allowed = allOf([
      masks.value && tf.expandDims(masks.value, 1),
      config.use_causal_mask ? causalMask(targets, sources) : undefined,
    ]);
    const heeded = allowed
      ? tf.where(tf.broadcastTo(allowed, scores.shape), scores, tf.sub(scores, HIDDEN))
      : scores;
    const weights = tf.softmax(heeded);
    const kept = dropped(weights, config.dropout, context);
    const found = tf.matMul(kept as tf.Tensor3D, value as tf.Tensor3D);
    const output = masks.query ? tf.mul(found, tf.cast(tf.expandDims(masks.query, -1), 'float32')) : found;
    return config.return_attention_scores ? [output, kept] : output;
  };
}

/** `tanh(query + key)` for every pair, `[N, T, S, C]`. */
function pairSums(query: tf.Tensor3D, key: tf.Tensor3D, scale?: tf.Tensor): tf.Tensor {
  const sums = tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1));
  return tf.tanh(scale ? tf.mul(scale, sums) : sums);
}

const score = (
  config: catalogue.AttentionConfig,
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  context: CallContext,
) => {
  const scale = config.use_scale ? context.weight('scale') : undefined;
  if (config.score_mode === 'concat') {
    return tf.mul(context.weight('concat_score_weight'), tf.sum(pairSums(query, key, scale), -1));
  }
  const products = tf.matMul(query, key, false, true);
  return scale ? tf.mul(products, scale) : products;
};

const additiveScore = (
  config: catalogue.AdditiveAttentionConfig,
  query: tf.Tensor3D,
  key: tf.Tensor3D,
  { weight }: CallContext,
) => {
  const sums = pairSums(query, key);
  return tf.sum(config.use_scale ? tf.mul(weight('scale'), sums) : sums, -1);
};

/** Source: keras.layers.MultiHeadAttention and GroupQueryAttention. */
function multiHead<C extends heads.MultiHeadConfig | heads.GroupedConfig>(
  headsOf: (config: C) => heads.Heads,
): Forward<C> {
  return (config, inputs, context) => {
    const { queryHeads, sharedHeads, keySize, valueSize, output } = headsOf(config);
    const { query, value, key, mask } = byRole(config.call_inputs, inputs);
    const masks = byRole(config.call_inputs, context.masks ?? []);
    const project = (x: tf.Tensor, name: string, count: number, size: number) =>
      tf.transpose(
        tf.reshape(densely(x, name, config.use_bias, context), [x.shape[0], x.shape[1] ?? 1, count, size]),
        [0, 2, 1, 3],
      ) as tf.Tensor4D;
    const queries = project(query, 'query', queryHeads, keySize);
    const keys = shareOut(project(key, 'key', sharedHeads, keySize), queryHeads);
    const values = shareOut(project(value, 'value', sharedHeads, valueSize), queryHeads);
    const [targets, sources] = [query.shape[1] ?? 0, key.shape[1] ?? 0];

    const scores = tf.matMul(tf.mul(queries, 1 / Math.sqrt(keySize)) as tf.Tensor4D, keys, false, true);
    const allowed = allOf([
      masks.query && tf.reshape(masks.query, [-1, 1, targets, 1]),
      masks.value && tf.reshape(masks.value, [-1, 1, 1, sources]),
      masks.key && tf.reshape(masks.key, [-1, 1, 1, sources]),
      config.use_causal_mask ? tf.expandDims(causalMask(targets, sources), 1) : undefined,
      config.sliding_window === null
        ? undefined
        : tf.expandDims(windowMask(targets, sources, config.sliding_window), 1),
      mask && tf.notEqual(mask.rank === 4 ? mask : tf.expandDims(mask, 1), 0),
    ]);
    // Keras has two ways, which differ where a step may attend to nothing: all alike, or not at all.
    const explicit = config.dropout > 0 || config.return_attention_scores;
    const weights = allowed ? maskedSoftmax(scores, allowed, explicit) : tf.softmax(scores);
    const found = tf.matMul(dropped(weights, config.dropout, context) as tf.Tensor4D, values);
    const joined = tf.reshape(tf.transpose(found, [0, 2, 1, 3]), [query.shape[0], targets, -1]);
    const opened = config.use_gate
      ? tf.mul(joined, tf.sigmoid(densely(query, 'gate', config.use_bias, context)))
      : joined;
    const flat = densely(opened, 'attention_output', config.use_bias, context);
    const result = output ? tf.reshape(flat, [query.shape[0], targets, ...output]) : flat;
    return config.return_attention_scores ? [result, weights] : result;
  };
}

/** A dense layer whose kernel may have any axes: `[N, T, in] -> [N, T, out]`. */
function densely(x: tf.Tensor, name: string, useBias: boolean, { weight }: CallContext): tf.Tensor {
  const kernel = weight(`${name}/kernel`);
  const features = x.shape[2] ?? 1;
  const flat = tf.matMul(
    tf.reshape(x, [-1, features]) as tf.Tensor2D,
    tf.reshape(kernel, [features, kernel.size / features]) as tf.Tensor2D,
  );
  const y = useBias ? addBias(flat, tf.reshape(weight(`${name}/bias`), [-1])) : flat;
  return tf.reshape(y, [x.shape[0], x.shape[1] ?? 1, -1]);
}

/** `[N, heads, S, C]` with each head repeated for the query heads that share it. */
function shareOut(x: tf.Tensor4D, count: number): tf.Tensor4D {
  const [batch, own, steps, size] = x.shape;
  if (own === count) return x;
  const repeated = tf.stack(new Array<tf.Tensor4D>(count / own).fill(x), 2);
  return tf.reshape(repeated, [batch, count, steps, size]);
}

function maskedSoftmax(scores: tf.Tensor, allowed: tf.Tensor, noneWhereNothing: boolean): tf.Tensor {
  const everywhere = tf.broadcastTo(allowed, scores.shape);
  const weights = tf.softmax(tf.where(everywhere, scores, tf.fill(scores.shape, -HIDDEN)));
  return noneWhereNothing ? tf.mul(weights, tf.cast(everywhere, 'float32')) : weights;
}

function dropped(weights: tf.Tensor, rate: number, { training, random }: CallContext): tf.Tensor {
  return training && rate > 0 ? tf.mul(weights, dropMask(weights.shape, rate, random)) : weights;
}

export const attentions = [
  computes(catalogue.attention, attend(score)),
  computes(catalogue.additiveAttention, attend(additiveScore)),
  computes(heads.multiHeadAttention, multiHead(heads.headsOfMultiHead)),
  computes(heads.groupQueryAttention, multiHead(heads.headsOfGrouped)),
];
