import { niceStep, tidy, type Range } from './range';

/** The distances that whole numbers have on an axis: no grid line between two of them. */
export const WHOLE_INCREMENTS: readonly number[] = Array.from({ length: 9 }, (_, power) =>
  [1, 2, 5].map((unit) => unit * 10 ** power),
).flat();

/** Where grid lines stand, ascending, and how far apart; on a logarithmic axis the distance says nothing. */
export interface Ticks {
  readonly at: readonly number[];
  readonly increment: number;
}

/** Multiples of the least of some distances that gives no more lines than `most`. */
export function ticksBy(range: Range, increments: readonly number[], most: number): Ticks {
  const span = range.max - range.min;
  const increment =
    increments.find((candidate) => span / candidate <= most) ?? niceStep(span / Math.max(1, most));
  return { at: multiples(range, increment), increment };
}

/** About `about` lines at round numbers. */
export function roundTicks(range: Range, about: number): Ticks {
  const increment = niceStep((range.max - range.min) / about);
  return { at: multiples(range, increment), increment };
}

/** Powers of ten, with 2 and 5 times them where there is room; of very many decades some. */
export function logTicks({ min, max }: Range, most: number): Ticks {
  const decades = Math.log10(max / min);
  const factors = decades <= 1.5 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / most));
  const at: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power += every) {
    for (const factor of factors) {
      const value = tidy(factor * 10 ** power);
      if (value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)) at.push(value);
    }
  }
  return { at, increment: 1 };
}

function multiples({ min, max }: Range, increment: number): readonly number[] {
  const first = Math.ceil(min / increment - 1e-9);
  const last = Math.floor(max / increment + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    tidy((first + index) * increment),
  );
}
