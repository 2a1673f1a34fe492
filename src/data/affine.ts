import type { Pixels } from './pixels';

/**
 * Where each pixel of a new image comes from: column `a·x + b·y + c` and row `d·x + e·y + f` of the old one, `x` and `y`
 * the new pixel's column and row, counted from the middles of the first ones.
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The same as first `inner`, then `outer`: `outer(inner(x, y))`. */
export function after(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f];
}

/**
 * Samples an image bilinearly at `affine`. Beyond its edges the image is mirrored, its outermost pixels twice
 * (`d c b a | a b c d | d c b a`), as by `fill_mode="reflect"` in Keras, so that no pixel is made up.
 * @returns numbers from 0 to 255, not rounded, in the layout of the pixels
 */
export function sample({ data, height, width, channels }: Pixels, affine: Affine): Float32Array {
  const [a, b, c, d, e, f] = affine;
  const result = new Float32Array(data.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = snapped(a * x + b * y + c);
      const row = snapped(d * x + e * y + f);
      const [left, top] = [Math.floor(column), Math.floor(row)];
      const [right, low] = [column - left, row - top];
      const upper = mirrored(top, height) * width;
      const lower = mirrored(top + 1, height) * width;
      const [first, second] = [mirrored(left, width), mirrored(left + 1, width)];
      const [p, q] = [(upper + first) * channels, (upper + second) * channels];
      const [r, s] = [(lower + first) * channels, (lower + second) * channels];
      for (let channel = 0; channel < channels; channel++) {
        const above = (data[p + channel] ?? 0) * (1 - right) + (data[q + channel] ?? 0) * right;
        const below = (data[r + channel] ?? 0) * (1 - right) + (data[s + channel] ?? 0) * right;
        result[to++] = above * (1 - low) + below * low;
      }
    }
  }
  return result;
}

/** A place that is a pixel's own but for the arithmetic is that pixel's: a turned-over image keeps its numbers. */
function snapped(place: number): number {
  const nearest = Math.round(place);
  return Math.abs(place - nearest) < 1e-9 ? nearest : place;
}

function mirrored(index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  const period = 2 * length;
  const within = ((index % period) + period) % period;
  return within < length ? within : period - 1 - within;
}
