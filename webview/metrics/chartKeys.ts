import type { KeyboardEvent } from 'react';
import type { Range } from '../../src/core/run/range';

/** Where a cursor stands, and where it can go. */
export interface Walk {
  readonly from: number;
  /** What is shown. */
  readonly shown: Range;
  /** The first place and the last. */
  readonly ends: Range;
  /** The least distance; places are multiples of it where there is one. */
  readonly least?: number;
  /** What Page keys walk by; other keys where it is left out. */
  readonly page?: number;
}

/**
 * Where a key leads: arrows by a hundredth of what is shown, with Shift by a tenth; Page keys by a page; Home and End to
 * the ends. `undefined` for other keys.
 */
export function walk({ key, shiftKey }: KeyboardEvent, { from, shown, ends, least, page }: Walk) {
  const share = (shown.max - shown.min) / (shiftKey ? 10 : 100);
  const unit = least === undefined ? share : least * Math.max(1, Math.round(share / least));
  const places: Readonly<Record<string, number>> = {
    ArrowRight: from + unit,
    ArrowUp: from + unit,
    ArrowLeft: from - unit,
    ArrowDown: from - unit,
    ...(page !== undefined && { PageUp: from + page, PageDown: from - page }),
    Home: ends.min,
    End: ends.max,
  };
  const place = places[key];
  return place === undefined ? undefined : Math.min(ends.max, Math.max(ends.min, place));
}
