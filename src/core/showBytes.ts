/** `12.3 MB`, of 1024 KB each as Keras prints them. */
export function showBytes(bytes: number): string {
  for (const [unit, size] of [
    ['TB', 1024 ** 4],
    ['GB', 1024 ** 3],
    ['MB', 1024 ** 2],
    ['KB', 1024],
  ] as const) {
    // From the point where rounding would give a fourth digit before the dot.
    if (bytes >= size * 0.9995) {
      const value = bytes / size;
      return `${value >= 1000 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
    }
  }
  return `${bytes} B`;
}
