import { Column } from './column';
import { downsample } from '../../src/core/run/downsample';

/** The indices to draw of a stretch of a series, as `downsample` chooses them. */
export type Thinner = (xs: Column, ys: Column, from: number, to: number, width: number) => readonly number[];

export const thinOut: Thinner = (xs, ys, from, to, width) =>
  downsample(xs.view(), ys.view(), from, to, width);

/**
 * For a chart whose series grows: looks at no bucket again that was full, so a step more of a million costs what it costs
 * of a hundred.
 */
export function createThinner(): Thinner {
  let known = { xs: Column.empty, ys: Column.empty, from: -1, width: 0 };
  /** Of whole buckets, those before `next`. */
  let kept: readonly number[] = [];
  let next = 0;
  return (xs, ys, from, to, width) => {
    const grown =
      known.from === from &&
      known.width === width &&
      next <= to &&
      known.xs.isStartOf(xs) &&
      known.ys.isStartOf(ys);
    if (!grown) [kept, next] = [[], from];
    const all = [...kept, ...downsample(xs.view(), ys.view(), next, to, width)];
    // Buckets start at multiples of their width; the last may get more points.
    const bucket = Math.floor(xs.at(to - 1) / width) * width;
    next = Math.max(from, Math.min(to, xs.lowerBound(bucket)));
    let whole = all.length;
    while (whole > 0 && all[whole - 1]! >= next) whole--;
    kept = all.slice(0, whole);
    known = { xs, ys, from, width };
    return all;
  };
}
