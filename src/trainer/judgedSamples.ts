import { DEPTH, MOST_ROWS, type ClassAnswers } from '../core/run/judgement';
import { classesOf } from './answers';
import type { MeasuredBatch } from './heldOut';

/** Scores are kept to this many digits after the point: more than a bar shows, and half the file. */
const DIGITS = 1e6;

/** Takes batches in, and keeps of each sample what a judgement tells of it. */
export class JudgedSamples {
  private readonly counts = new Map<number, number>();
  private readonly depth: number;
  private readonly label: number[] = [];
  private readonly truth: number[] = [];
  private readonly taken: number[] = [];
  private readonly scores: number[] = [];

  /** @param indices of the samples in their data, in the order in which they come */
  constructor(
    private readonly classes: readonly string[],
    private readonly indices: Uint32Array,
  ) {
    this.depth = Math.min(DEPTH, classes.length);
  }

  add({ scores, answers, units }: MeasuredBatch): void {
    classesOf(answers, units).forEach((label, sample) => {
      const own = scores.subarray(sample * units, (sample + 1) * units);
      this.addSample(label, this.classes.length > 1 && units === 1 ? [1 - own[0], own[0]] : own);
    });
  }

  answers(): ClassAnswers {
    const { classes, depth, label, truth, taken, scores } = this;
    const cells = [...this.counts]
      .sort(([a], [b]) => a - b)
      .flatMap(([cell, count]) => [Math.floor(cell / classes.length), cell % classes.length, count]);
    const index = Array.from(this.indices.subarray(0, label.length));
    return { kind: 'classes', classes, cells, rows: { index, label, truth, depth, taken, scores } };
  }

  private addSample(label: number, scores: ArrayLike<number>): void {
    const best = highest(scores, this.depth);
    const cell = label * this.classes.length + best[0];
    this.counts.set(cell, (this.counts.get(cell) ?? 0) + 1);
    if (this.label.length >= MOST_ROWS) return;
    this.label.push(label);
    this.truth.push(rounded(scores[label]));
    for (const unit of best) {
      this.taken.push(unit);
      this.scores.push(rounded(scores[unit]));
    }
  }
}

const rounded = (score: number) => Math.round(score * DIGITS) / DIGITS;

/** The places of the highest scores, the highest first, of equal ones the first. */
function highest(scores: ArrayLike<number>, depth: number): readonly number[] {
  const best: number[] = [];
  for (let unit = 0; unit < scores.length; unit++) {
    if (best.length === depth && !(scores[unit] > scores[best[depth - 1]])) continue;
    let place = Math.min(best.length, depth - 1);
    for (; place > 0 && scores[unit] > scores[best[place - 1]]; place--) best[place] = best[place - 1];
    best[place] = unit;
  }
  return best;
}
