import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/imageTones';
import type { Range } from '../../core/layers/imageFields';
import { adaptTones } from './adaptiveTones';
import { isZero } from './condition';
import { computes, type ForwardEntry } from './forward';
import { imagesOf, toRange } from './imageTransform';
import { channelsLast } from './layout';
import { histograms, wholeNumbers } from './toneMaps';

const BYTES: Range = [0, 255];

/** Channels of one tone alone are left as they are. Source: keras.layers.AutoContrast. */
export function stretchContrast(x: tf.Tensor, range: Range): tf.Tensor {
  const bytes = toRange(x, range, BYTES);
  const low = tf.min(bytes, [1, 2], true);
  const spread = tf.sub(tf.max(bytes, [1, 2], true), low);
  const flat = isZero(spread);
  const scale = tf.div(255, tf.where(flat, tf.onesLike(spread), spread));
  const stretched = tf.sub(tf.mul(bytes, scale), tf.mul(low, scale));
  const clipped = toRange(tf.clipByValue(stretched, 0, 255), BYTES, range);
  return tf.where(tf.broadcastTo(flat, x.shape), x, clipped);
}

/** Over the whole batch, a channel at a time. Source: keras.layers.Equalization. */
export function equalize(x: tf.Tensor4D, range: Range, bins: number): tf.Tensor {
  const [, height, width, channels] = x.shape;
  const bytes = rescale(x, range, BYTES);
  const binned = wholeNumbers(tf.div(tf.mul(bytes, bins - 1), 255), bins - 1);
  // An image at a time: the digits of a whole batch would not fit.
  const counts = tf
    .unstack(binned)
    .map((image) =>
      histograms(tf.transpose(tf.reshape(image, [height * width, channels])) as tf.Tensor2D, bins),
    )
    .reduce((sum, part) => tf.add(sum, part));
  const cumulated = tf.cumsum(counts, 1);
  const total = tf.slice(cumulated, [0, bins - 1], [-1, 1]);
  const least = tf.min(
    tf.where(tf.greater(cumulated, 0), cumulated, tf.broadcastTo(total, cumulated.shape)),
    1,
    true,
  );
  const rest = tf.maximum(tf.sub(total, least), 1);
  const table = tf.clipByValue(tf.round(tf.div(tf.mul(tf.sub(cumulated, least), 255), rest)), 0, 255);
  const looked = wholeNumbers(tf.clipByValue(tf.mul(tf.div(bytes, 255), bins - 1), 0, bins - 1), bins - 1);
  const offsets = tf.mul(tf.range(0, channels), bins);
  const evened = tf.gather(tf.reshape(table, [-1]), tf.cast(tf.add(looked, offsets), 'int32'));
  const flat = tf.lessEqual(tf.sum(tf.cast(tf.greater(counts, 0), 'float32'), 1), 1);
  return rescale(tf.where(tf.broadcastTo(flat, x.shape), bytes, evened), BYTES, range);
}

/** As `toRange`, rounded as Equalization rounds. */
function rescale(x: tf.Tensor, [fromLow, fromHigh]: Range, [low, high]: Range): tf.Tensor {
  const scale = (high - low) / (fromHigh - fromLow);
  return tf.add(tf.mul(x, scale), low - fromLow * scale);
}

/** By the whole batch, so that it is another for each. */
export const batchTones: ForwardEntry = {
  ...computes(
    catalogue.equalization,
    ({ value_range: range, bins, data_format: format }, [x], { training }) =>
      training
        ? channelsLast(x, format, (input) => equalize(imagesOf(input, 'Equalization'), range, bins))
        : x,
  ),
  stopsGradient: true,
};

export const tones: readonly ForwardEntry[] = [
  computes(catalogue.autoContrast, ({ value_range: range, data_format: format }, [x]) =>
    channelsLast(x, format, (input) => stretchContrast(imagesOf(input, 'AutoContrast'), range)),
  ),
  {
    ...computes(catalogue.adaptiveEqualization, (config, [x]) =>
      channelsLast(x, config.data_format, (input) => {
        const images = imagesOf(input, catalogue.adaptiveEqualization.name);
        const bytes = toRange(images, config.value_range, BYTES) as tf.Tensor4D;
        return toRange(
          adaptTones(bytes, config.clip_limit, config.tile_grid_size),
          BYTES,
          config.value_range,
        );
      }),
    ),
    stopsGradient: true,
  },
  computes(catalogue.maxNumBoundingBoxes, (_config, [x]) => x),
];
