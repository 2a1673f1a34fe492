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
  const { reach, values: smoothed } = resumed;
  let { sum, weight } = resumed;
  // Of the distance before: nearly all steps are told, so nearly all are one apart.
  let apart = NaN;
  let keep = 0;
  const xs = steps.view();
  const ys = values.view();
  const begun = smoothed.length;
  const added = smoothed.extend(values.length - begun, (offset) => {
    const index = begun + offset;
    const distance = index === 0 ? 0 : xs[index]! - xs[index - 1]!;
    if (distance !== apart) {
      apart = distance;
      keep = reach === 0 ? 0 : Math.exp(-distance / reach);
    }
    sum *= keep;
    weight *= keep;
    const value = ys[index]!;
    if (Number.isNaN(value)) return NaN;
    sum += value;
    weight += 1;
    return sum / weight;
  });
  return { reach, values: added, source: values, sum, weight };
}

/**
 * The reach for a strength of smoothing from 0 to 1: a share of the planned steps, so that a curve looks alike in a
 * run of a hundred steps and one of a million, and does not change as the run goes on.
 */
export function smoothingReach(strength: number, totalSteps: number): number {
  return strength ** 2 * 0.1 * (totalSteps || 1000);
}
