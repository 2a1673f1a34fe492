import type { Range } from '../../src/core/run/range';

/** Steps that a zoom goes down to: closer there is nothing more to see. */
const CLOSEST = 4;

/**
 * A range of steps made closer or wider around one of them, inside of the whole.
 *
 * @param factor of the width: below one is closer
 * @returns null for the whole
 */
export function zoomAround(range: Range, at: number, factor: number, whole: Range): Range | null {
  const width = Math.max(CLOSEST, (range.max - range.min) * factor);
  if (width >= whole.max - whole.min) return null;
  const share = range.max > range.min ? (at - range.min) / (range.max - range.min) : 0.5;
  return within({ min: at - share * width, max: at + (1 - share) * width }, whole);
}

/** The range moved by some steps, as far as the whole reaches. */
export function panBy(range: Range, steps: number, whole: Range): Range {
  return within({ min: range.min + steps, max: range.max + steps }, whole);
}

function within(range: Range, whole: Range): Range {
  const width = range.max - range.min;
  const min = Math.max(whole.min, Math.min(range.min, whole.max - width));
  return { min, max: min + width };
}
