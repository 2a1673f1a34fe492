import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/imageSize';
import { computes } from './forward';
import { channelsLast } from './layout';
import { resample } from './resample';

type Size = readonly [height: number, width: number];

export const imageSizes = [
  computes(catalogue.resizing, (config, [x]) =>
    channelsLast(x, config.data_format, (input) => {
      const size: Size = [config.height, config.width];
      const image = input as tf.Tensor4D;
      const framed = config.crop_to_aspect_ratio
        ? cropToShapeOf(image, size)
        : config.pad_to_aspect_ratio
          ? padToShapeOf(image, size, config.fill_value)
          : image;
      return resample(framed, size, config.interpolation, config.antialias);
    }),
  ),
  computes(catalogue.centerCrop, ({ height, width, data_format: format }, [x]) =>
    channelsLast(x, format, (input) => {
      const image = input as tf.Tensor4D;
      const [rows, columns] = [image.shape[1] - height, image.shape[2] - width];
      if (rows < 0 || columns < 0) {
        return resample(cropToShapeOf(image, [height, width]), [height, width], 'bilinear');
      }
      const begin = [0, Math.floor(rows / 2), Math.floor(columns / 2), 0] as const;
      return tf.slice4d(image, [...begin], [-1, height, width, -1]);
    }),
  ),
];

/** What one side would be if the other were kept. Keras divides in single precision, then cuts the fraction off. */
function sideFor(other: number, side: number, by: number): number {
  return Math.trunc(Math.fround(Math.fround(other * side) / by));
}

/** The largest part from the middle whose sides are as those of `size`. */
function cropToShapeOf(x: tf.Tensor4D, [newHeight, newWidth]: Size): tf.Tensor4D {
  const [, height, width] = x.shape;
  const rows = Math.max(1, Math.min(height, sideFor(width, newHeight, newWidth)));
  const columns = Math.max(1, Math.min(width, sideFor(height, newWidth, newHeight)));
  const begin = [0, Math.trunc((height - rows) / 2), Math.trunc((width - columns) / 2), 0] as const;
  return tf.slice4d(x, [...begin], [-1, rows, columns, -1]);
}

/** A border all around, so that the sides are as those of `size`. */
function padToShapeOf(x: tf.Tensor4D, [newHeight, newWidth]: Size, value: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  const rows = Math.trunc((Math.max(height, sideFor(width, newHeight, newWidth)) - height) / 2);
  const columns = Math.trunc((Math.max(width, sideFor(height, newWidth, newHeight)) - width) / 2);
  return tf.pad4d(
    x,
    [
      [0, 0],
      [rows, rows],
      [columns, columns],
      [0, 0],
    ],
    value,
  );
}
