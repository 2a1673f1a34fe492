/** What the numbers of a weight are like. */
export interface WeightStatistics {
  readonly count: number;
  /** NaN and infinities; all below is of the others. */
  readonly notFinite: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the population: the root of the mean squared distance from the mean. */
  readonly deviation: number;
  readonly zeros: number;
  /** Counts in equal intervals from `min` to `max`; one interval where these are equal, none without numbers. */
  readonly histogram: readonly number[];
}

export const HISTOGRAM_BARS = 48;

/** In two passes, the mean before the spread, so that no large mean swallows a small spread. */
export function statisticsOf(values: Float32Array): WeightStatistics {
  let notFinite = 0;
  let zeros = 0;
  let sum = 0;
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) {
      notFinite++;
      continue;
    }
    if (value === 0) zeros++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const count = values.length;
  const finite = count - notFinite;
  if (finite === 0) {
    return { count, notFinite, min: 0, max: 0, mean: 0, deviation: 0, zeros, histogram: [] };
  }
  const mean = sum / finite;
  const bars = min === max ? 1 : HISTOGRAM_BARS;
  const histogram = new Array<number>(bars).fill(0);
  const scale = min === max ? 0 : bars / (max - min);
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    squares += (value - mean) ** 2;
    histogram[Math.min(bars - 1, Math.floor((value - min) * scale))]!++;
  }
  return { count, notFinite, min, max, mean, deviation: Math.sqrt(squares / finite), zeros, histogram };
}

/** Mean and deviation of several weights' numbers taken together. */
export function joinSpreads(
  parts: readonly Pick<WeightStatistics, 'count' | 'notFinite' | 'mean' | 'deviation'>[],
): Pick<WeightStatistics, 'mean' | 'deviation'> {
  const sizes = parts.map(({ count, notFinite }) => count - notFinite);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) return { mean: 0, deviation: 0 };
  const mean = parts.reduce((sum, part, at) => sum + part.mean * sizes[at]!, 0) / total;
  const variance =
    parts.reduce((sum, part, at) => sum + (part.deviation ** 2 + (part.mean - mean) ** 2) * sizes[at]!, 0) /
    total;
  return { mean, deviation: Math.sqrt(variance) };
}
