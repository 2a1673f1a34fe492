import { dataFormat, field, number, seed, word } from './fields';
import { t } from '../../l10n/translate';

/** What the layers that change images at random are configured with. */

/** To draw from: from the lower number up to the upper one. */
export type Range = readonly [low: number, high: number];

/** A range, or how far to both sides of zero. */
export type Spread = number | Range;

function readPair(raw: unknown): Range | undefined {
  const pair: readonly unknown[] = Array.isArray(raw) ? raw : [];
  const [first, second] = pair.filter(
    (one): one is number => typeof one === 'number' && Number.isFinite(one),
  );
  // Keras writes -0.0 too.
  return pair.length === 2 && first !== undefined && second !== undefined
    ? [first + 0, second + 0]
    : undefined;
}

function readRange(raw: unknown): Range | undefined {
  const pair = readPair(raw);
  return pair && [Math.min(...pair), Math.max(...pair)];
}

const readNumber = (raw: unknown): number | undefined =>
  typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined;

/** The range that a spread stands for, as far down as `least`. */
export const rangeOf = (spread: Spread, least = -Infinity): Range =>
  typeof spread === 'number'
    ? [Math.max(-Math.abs(spread), least), Math.abs(spread)]
    : [Math.min(...spread), Math.max(...spread)];

/** A range to draw from; one number spreads to both sides of zero, as far down as `least`. */
export const factor = (least: number) =>
  field<Range>(t('a number or a pair of them'), (raw) => {
    const one = readNumber(raw);
    return one === undefined ? readRange(raw) : rangeOf(one, least);
  });

/** As above, and kept as written: what one number means depends on the kind. */
export const written = () =>
  field<Spread>(t('a number or a pair of them'), (raw) => readNumber(raw) ?? readPair(raw));

/** From none up to the number, or a range. */
export const upTo = () =>
  field<Range>(t('a number or a pair of them'), (raw) => {
    const one = readNumber(raw);
    return one === undefined ? readRange(raw) : [0, one];
  });

/**
 * As a number where it is one to both sides of zero: Keras writes RandomShear's as a pair with a negative number, which
 * it then refuses to read.
 */
export const spread = () =>
  field<Spread>(t('a number or a pair of them'), (raw) => {
    const one = readNumber(raw);
    if (one !== undefined) return Math.abs(one);
    const range = readRange(raw);
    return range && range[0] === -range[1] ? range[1] : range;
  });

/** A number of bits to keep, or a pair to draw from. */
export const bits = () =>
  field<Range>(t('a number of bits or a pair of them'), (raw) => {
    const one = readNumber(raw);
    return one === undefined ? readRange(raw) : [1, one];
  });

/** Black and white of the images that it is fed. */
export const valueRange = () => field<Range>(t('[lowest, highest]'), readRange).default([0, 255]);
/** As above where Keras does not bring the two in order. */
export const writtenValueRange = () => field<Range>(t('[lowest, highest]'), readPair).default([0, 255]);

export type SampleInterpolation = 'bilinear' | 'nearest';
export type FillMode = 'reflect' | 'constant' | 'wrap' | 'nearest';

export const interpolation = () => word('bilinear', 'nearest').default('bilinear');
export const fill = () => ({
  fill_mode: word('reflect', 'constant', 'wrap', 'nearest').default('reflect'),
  fill_value: number().default(0),
  interpolation: interpolation(),
});
export const shared = () => ({ seed: seed(), data_format: dataFormat() });

/** Bounding boxes come with dictionaries of data, which no layer graph has. */
export const INERT = { inert: ['bounding_box_format'] };
