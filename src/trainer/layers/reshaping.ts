import * as tf from '@tensorflow/tfjs-core';
import * as resizing from '../../core/layers/resizing';
import * as catalogue from '../../core/layers/reshaping';
import { computes } from './forward';
import { channelsLast, toChannelsLast } from './layout';
import { enlarge } from './enlarge';

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
  computes(resizing.zeroPadding2d, ({ padding: [rows, columns], data_format: format }, [x]) =>
    channelsLast(x, format, (input) =>
      tf.pad4d(input as tf.Tensor4D, [
        [0, 0],
        [rows[0], rows[1]],
        [columns[0], columns[1]],
        [0, 0],
      ]),
    ),
  ),
  computes(resizing.cropping2d, ({ cropping: [rows, columns], data_format: format }, [x]) =>
    channelsLast(x, format, (input) => {
      const [, height, width] = input.shape;
      const size = [height - rows[0] - rows[1], width - columns[0] - columns[1]];
      return tf.slice4d(input as tf.Tensor4D, [0, rows[0], columns[0], 0], [-1, size[0], size[1], -1]);
    }),
  ),
  computes(resizing.upSampling2d, ({ size, data_format: format, interpolation }, [x]) =>
    channelsLast(x, format, (input) => enlarge(input as tf.Tensor4D, size, interpolation)),
  ),
];
