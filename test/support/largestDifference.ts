/** The largest difference of two lists of numbers, as a share of the largest number that is expected. */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, scale] = [0, 0];
  for (let index = 0; index < expected.length; index++) {
    difference = Math.max(difference, Math.abs((found[index] ?? NaN) - (expected[index] ?? NaN)));
    scale = Math.max(scale, Math.abs(expected[index] ?? NaN));
  }
  return difference / scale;
}
