import * as tf from '@tensorflow/tfjs-core';
import type { Pair } from '../../core/layers/fields';
import * as resizing from '../../core/layers/resizing';
import * as catalogue from '../../core/layers/reshaping';
import { computes } from './forward';
import { channelsLast, toChannelsLast } from './layout';
import { resample } from './resample';
import { imageSizes } from './imageSize';

export const reshapings = [
  /** In the order of channels last, whichever way round the input is. */
  computes(catalogue.flatten, ({ data_format: format }, [x]) => {
    const ordered = format === 'channels_first' && x.rank > 2 ? toChannelsLast(x) : x;
    return tf.reshape(ordered, [x.shape[0], -1]);
  }),
  computes(catalogue.reshape, (config, [x]) => {
    const [shape] = catalogue.reshape.outputs(config, [x.shape]);
    return tf.reshape(x, shape as number[]);
  }),
  computes(catalogue.permute, ({ dims }, [x]) => tf.transpose(x, [0, ...dims])),
  computes(catalogue.repeatVector, ({ n }, [x]) => {
    const [batch, features] = x.shape;
    return tf.broadcastTo(tf.reshape(x, [batch, 1, features]), [batch, n, features]);
  }),
  computes(resizing.zeroPadding1d, ({ padding, data_format: format }, [x]) =>
    channelsLast(x, format, (input) => pad(input, [padding])),
  ),
  ...[resizing.zeroPadding2d, resizing.zeroPadding3d].map((kind) =>
    computes(kind, ({ padding, data_format: format }, [x]) =>
      channelsLast(x, format, (input) => pad(input, padding)),
    ),
  ),
  computes(resizing.cropping1d, ({ cropping }, [x]) => crop(x, [cropping])),
  ...[resizing.cropping2d, resizing.cropping3d].map((kind) =>
    computes(kind, ({ cropping, data_format: format }, [x]) =>
      channelsLast(x, format, (input) => crop(input, cropping)),
    ),
  ),
  computes(resizing.upSampling1d, ({ size }, [x]) => repeat(x, 1, size)),
  computes(resizing.upSampling2d, ({ size: [down, across], data_format: format, interpolation }, [x]) =>
    channelsLast(x, format, (input) => {
      const [, height, width] = input.shape;
      return resample(input as tf.Tensor4D, [height * down, width * across], interpolation);
    }),
  ),
  computes(resizing.upSampling3d, ({ size, data_format: format }, [x]) =>
    channelsLast(x, format, (input) => size.reduce((y, times, axis) => repeat(y, axis + 1, times), input)),
  ),
  ...imageSizes,
];

/** Zeros around the spatial axes of `[N, ..., C]`. */
function pad(x: tf.Tensor, margins: readonly Pair[]): tf.Tensor {
  return tf.pad(x, [[0, 0], ...margins.map(([before, after]): [number, number] => [before, after]), [0, 0]]);
}

function crop(x: tf.Tensor, margins: readonly Pair[]): tf.Tensor {
  const sizes = margins.map(([before, after], axis) => x.shape[axis + 1] - before - after);
  return tf.slice(
    x,
    [0, ...margins.map(([before]) => before), 0],
    [x.shape[0], ...sizes, x.shape[x.rank - 1]],
  );
}

/** Each slice along an axis, `times` over. */
function repeat(x: tf.Tensor, axis: number, times: number): tf.Tensor {
  const [before, size, after] = [x.shape.slice(0, axis), x.shape[axis], x.shape.slice(axis + 1)];
  const cells = [tf.util.sizeFromShape(before) * size, 1, tf.util.sizeFromShape(after)];
  const repeated = tf.broadcastTo(tf.reshape(x, cells), [cells[0], times, cells[2]]);
  return tf.reshape(repeated, [...before, size * times, ...after]);
}
