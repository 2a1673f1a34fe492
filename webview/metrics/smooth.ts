import { Column } from './column';

/** An exponential moving average that can be continued where it stopped. */
export interface Smoothing {
  /** The steps it reaches back, on average; zero leaves the values as they are. */
  readonly reach: number;
  readonly values: Column;
  /** The series it was made of, to tell a longer version of it from another. */
  readonly source: Column;
  readonly sum: number;
  readonly weight: number;
}

export function startSmoothing(reach: number): Smoothing {
  return { reach, values: Column.empty, source: Column.empty, sum: 0, weight: 0 };
}

/**
 * The average of each value and those before it, weighted by exp(-distance in steps / reach) and divided by the sum
 * of the weights, so that it starts at the first value without a bias towards zero (Kingma and Ba, "Adam", §3).
 * A NaN stays one and is not averaged.
 *
 * @param steps ascending, as long as `values`
 */
export function smooth(previous: Smoothing, steps: Column, values: Column): Smoothing {
  const resumed = previous.source.isStartOf(values) ? previous : startSmoothing(previous.reach);
  let { sum, weight, values: smoothed } = resumed;
  for (let index = smoothed.length; index < values.length; index++) {
    const value = values.at(index);
    const distance = index === 0 ? 0 : steps.at(index) - steps.at(index - 1);
    const keep = resumed.reach === 0 ? 0 : Math.exp(-distance / resumed.reach);
    sum *= keep;
    weight *= keep;
    if (!Number.isNaN(value)) {
      sum += value;
      weight += 1;
    }
    smoothed = smoothed.append(Number.isNaN(value) ? NaN : sum / weight);
  }
  return { reach: resumed.reach, values: smoothed, source: values, sum, weight };
}

/**
 * The reach for a strength of smoothing from 0 to 1: a share of the planned steps, so that a curve looks alike in a
 * run of a hundred steps and one of a million, and does not change as the run goes on.
 */
export function smoothingReach(strength: number, totalSteps: number): number {
  return strength ** 2 * 0.1 * (totalSteps || 1000);
}
