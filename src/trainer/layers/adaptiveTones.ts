import * as tf from '@tensorflow/tfjs-core';
import { histograms, wholeNumbers } from './toneMaps';

const TONES = 256;

/**
 * Each pixel by the tables of the four tiles around it. Source: keras.layers.ContrastLimitedAdaptiveHistogramEqualization.
 *
 * @param x tones from 0 to 255
 * @param limit how many times the mean count a tone may have in a tile, any where not above zero
 */
export function adaptTones(
  x: tf.Tensor4D,
  limit: number,
  [down, across]: readonly [number, number],
): tf.Tensor {
  const [, height, width] = x.shape;
  const rows = new Tiling(height, down);
  const columns = new Tiling(width, across);
  const pixels = wholeNumbers(x, TONES - 1);
  // An image at a time, since the digits that are counted take much room.
  const images = tf.unstack(pixels).map((image) => {
    const whole = tf.gather(tf.gather(image, rows.padded(), 0), columns.padded(), 1) as tf.Tensor3D;
    return interpolate(image as tf.Tensor3D, tables(whole, limit, rows, columns), rows, columns);
  });
  return tf.stack(images);
}

/** How one axis is cut into tiles of equal size, the last of them beyond the end. */
class Tiling {
  readonly tile: number;

  constructor(
    readonly size: number,
    readonly count: number,
  ) {
    this.tile = Math.ceil(size / count);
  }

  /** Where the pixels of all tiles come from: mirrored at the end, the last one twice. */
  padded(): tf.Tensor1D {
    const period = 2 * this.size;
    const from = Array.from({ length: this.tile * this.count }, (_, place) => {
      const within = place % period;
      return within < this.size ? within : period - 1 - within;
    });
    return tf.tensor1d(from, 'int32');
  }

  /** Of each pixel the tile's table before it, with one more at either end, and how far it is on to the next. */
  places(): { readonly before: number; readonly weight: number }[] {
    return Array.from({ length: this.size }, (_, pixel) => {
      const place = (pixel - this.tile / 2) / this.tile + 1;
      const before = Math.floor(place);
      return { before, weight: place - before };
    });
  }
}

/** `[(tiles + 2) down, (tiles + 2) across, C, 256]`, the outermost ones twice. */
function tables(image: tf.Tensor3D, limit: number, rows: Tiling, columns: Tiling): tf.Tensor4D {
  const channels = image.shape[2];
  const size = rows.tile * columns.tile;
  const tiled = tf.reshape(image, [rows.count, rows.tile, columns.count, columns.tile, channels]);
  const flat = tf.reshape(tf.transpose(tiled, [0, 2, 4, 1, 3]), [-1, size]) as tf.Tensor2D;
  const cumulated = tf.cumsum(limited(histograms(flat, TONES), (limit * size) / TONES), 1);
  const least = tf.min(cumulated, 1, true);
  const rest = tf.sub(size, least);
  const divisor = tf.where(tf.equal(rest, 0), tf.onesLike(rest), rest);
  const shares = tf.clipByValue(tf.div(tf.mul(tf.sub(cumulated, least), 255), divisor), 0, 255);
  const inner = tf.reshape(shares, [rows.count, columns.count, channels, TONES]);
  return repeatEnds(repeatEnds(inner, 0), 1) as tf.Tensor4D;
}

/** What is above the limit is shared out over all tones. */
function limited(counts: tf.Tensor2D, limit: number): tf.Tensor2D {
  if (limit <= 0) return counts;
  const clipped = tf.clipByValue(counts, 0, limit);
  return tf.add(clipped, tf.div(tf.sum(tf.sub(counts, clipped), 1, true), TONES));
}

function repeatEnds(x: tf.Tensor, axis: number): tf.Tensor {
  const last = x.shape[axis] - 1;
  const order = [0, ...Array.from({ length: last + 1 }, (_, index) => index), last];
  return tf.gather(x, tf.tensor1d(order, 'int32'), axis);
}

function interpolate(image: tf.Tensor3D, table: tf.Tensor4D, rows: Tiling, columns: Tiling): tf.Tensor3D {
  const [height, width, channels] = image.shape;
  const across = columns.count + 2;
  const [down, right] = [rows.places(), columns.places()];
  const flat = tf.reshape(table, [-1]);
  const tone = tf.cast(image, 'int32');
  const look = (rowStep: number, columnStep: number) => {
    const begins = new Int32Array(height * width * channels);
    let at = 0;
    for (const row of down) {
      for (const column of right) {
        const tile = (row.before + rowStep) * across + column.before + columnStep;
        for (let channel = 0; channel < channels; channel++)
          begins[at++] = (tile * channels + channel) * TONES;
      }
    }
    return tf.gather(flat, tf.add(tf.tensor3d(begins, image.shape, 'int32'), tone));
  };
  const x = tf.tensor3d(
    right.map(({ weight }) => weight),
    [1, width, 1],
  );
  const y = tf.tensor3d(
    down.map(({ weight }) => weight),
    [height, 1, 1],
  );
  const mix = (a: tf.Tensor, b: tf.Tensor, weight: tf.Tensor) =>
    tf.add(tf.mul(a, tf.sub(1, weight)), tf.mul(b, weight));
  return mix(mix(look(0, 0), look(0, 1), x), mix(look(1, 0), look(1, 1), x), y) as tf.Tensor3D;
}
