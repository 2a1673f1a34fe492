/**
 * Which points to draw of a long series: in each bucket of x the first, the lowest, the highest and the last (M4:
 * Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014), so a line through them
 * covers the pixels of the whole series and no extreme is lost. Buckets start at multiples of their width: points
 * that arrive later leave the earlier buckets as they are.
 *
 * @param xs ascending
 * @param ys as long as `xs`; NaN is a gap, and the first of a bucket is kept to show it
 * @param from the first index to draw, `to` the one after the last
 * @param width of a bucket, in the unit of `xs`
 * @returns ascending indices; at most five a bucket
 */
export function downsample(
  xs: Float64Array,
  ys: Float64Array,
  from: number,
  to: number,
  width: number,
): number[] {
  const kept: number[] = [];
  let index = from;
  while (index < to) {
    const bucketEnd = (Math.floor((xs[index] ?? 0) / width) + 1) * width;
    const first = index;
    let low = -1;
    let high = -1;
    let gap = -1;
    let last = index;
    for (; index < to && (xs[index] ?? Infinity) < bucketEnd; index++) {
      const y = ys[index] ?? NaN;
      last = index;
      if (y !== y) {
        if (gap < 0) gap = index;
      } else {
        if (low < 0 || y < (ys[low] ?? NaN)) low = index;
        if (high < 0 || y > (ys[high] ?? NaN)) high = index;
      }
    }
    pushAscending(kept, [first, low, high, gap, last]);
    // A bucket too narrow for the precision of x would never end.
    if (index === first) kept.push(index++);
  }
  return kept;
}

/** Appends the distinct, non-negative ones of a few indices, in order. */
function pushAscending(kept: number[], indices: readonly number[]): void {
  let previous = -1;
  for (const index of [...indices].sort((a, b) => a - b)) {
    if (index > previous) kept.push(index);
    previous = Math.max(previous, index);
  }
}

/**
 * The width of a bucket so that `pixels` of them span `range`: a power of two of x's unit, so that it changes seldom
 * as the range grows. At least one.
 */
export function bucketWidth(range: number, pixels: number): number {
  return Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, range) / Math.max(1, pixels))));
}
