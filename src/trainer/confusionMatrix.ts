import { isCategorical, isRegression, type Loss } from '../core/plan/objective';
import type { Confusion } from '../protocol/trainer';
import { classesOf, type Answers } from './answers';

/** Counts how often which class was taken for which. */
export class ConfusionMatrix {
  private readonly counts: readonly number[][];

  private constructor(
    private readonly classes: readonly string[],
    private readonly units: number,
  ) {
    this.counts = classes.map(() => classes.map(() => 0));
  }

  /**
   * Nothing where a sample is not of one class: the loss compares values, or several labels may hold at once.
   *
   * @param units of the model's output
   * @param answers those of any batch
   */
  static of(
    loss: Loss,
    classes: readonly string[],
    units: number,
    answers: Answers,
  ): ConfusionMatrix | undefined {
    return areOfOneClass(loss, units, answers) ? new ConfusionMatrix(classes, units) : undefined;
  }

  get counted(): Confusion {
    return { classes: this.classes, counts: this.counts };
  }

  /**
   * Takes a batch in.
   *
   * @param scores `[N, units]`, row-major: one unit above one half is the second class; of several the highest counts, the
   * first of equal ones
   */
  add(scores: Float32Array, answers: Answers): void {
    const { units } = this;
    classesOf(answers, units).forEach((label, sample) => {
      const own = scores.subarray(sample * units, (sample + 1) * units);
      const taken = this.classes.length > 1 && units === 1 ? Number(own[0] > 0.5) : highestOf(own);
      this.counts[label][taken]++;
    });
  }
}

/** Whether every sample is of one class: the loss compares no values, and no several labels may hold at once. */
export function areOfOneClass(loss: Loss, units: number, answers: Answers): boolean {
  const isOfOne = isCategorical(loss) || units === 1 || answers instanceof Int32Array;
  return !isRegression(loss) && isOfOne;
}

const highestOf = (scores: Float32Array): number =>
  scores.reduce((best, score, index) => (score > scores[best] ? index : best), 0);
