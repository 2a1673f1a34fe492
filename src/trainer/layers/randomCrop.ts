import * as tf from '@tensorflow/tfjs-core';
import { randomCrop } from '../../core/layers/imageSize';
import { wholeBetween } from './distributions';
import { randomly } from './imageTransform';
import { resample } from './resample';

/**
 * Drawn: the first row and column, for the whole batch. An image that is no larger along one of the axes is cut near its
 * middle and enlarged. Source: keras.layers.RandomCrop.
 */
const crop = randomly(
  randomCrop,
  ({ height, width }, [, rows, columns], random) => {
    if (rows > height && columns > width) {
      const top = wholeBetween(0, rows - height + 1, random);
      return [top, wholeBetween(0, columns - width + 1, random)] as const;
    }
    const tall = Math.max(Math.min(rows, Math.trunc((columns * height) / width)), 1);
    const wide = Math.max(Math.min(columns, Math.trunc((rows * width) / height)), 1);
    return [Math.trunc((rows - tall) / 2), Math.trunc((columns - wide) / 2)] as const;
  },
  (x, [top, left], { height, width }) => {
    const [, rows, columns] = x.shape;
    const size = [-1, Math.min(height, rows - top), Math.min(width, columns - left), -1] as const;
    const part = tf.slice4d(x, [0, top, left, 0], [...size]);
    const fits = part.shape[1] === height && part.shape[2] === width;
    return fits ? part : resample(part, [height, width], 'bilinear');
  },
);

export const randomCrops = [crop] as const;
