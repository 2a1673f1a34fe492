import { isCategorical, type Metric } from '../../core/plan/objective';
import { classesOf, samplesOf, targetAt, type Answers, type Head } from '../answers';
import { countRight, isAmong, isHighest } from './classification';
import { tallyOf, type Tally } from './confusion';

/** What a batch adds to the metrics of an epoch, by Keras's history name. */
export interface Measured {
  /** Sums over the samples of metrics that are means over them. */
  readonly sums: Readonly<Record<string, number>>;
  /** Of metrics that are not. */
  readonly tallies: Readonly<Record<string, Tally>>;
}

/** @param scores `[N, units]`, row-major: what the model predicts */
export function measure(
  metrics: readonly Metric[],
  scores: Float32Array,
  answers: Answers,
  head: Head,
): Measured {
  const isTrue = (index: number) => targetAt(answers, head.units, index) !== 0;
  const sums: Record<string, number> = {};
  const tallies: Record<string, Tally> = {};
  for (const metric of metrics) {
    const tally = tallyOf(metric, { scores, isTrue });
    if (tally) tallies[metric] = tally;
    else sums[metric] = sumOf(metric, scores, answers, head);
  }
  return { sums, tallies };
}

function sumOf(metric: Metric, scores: Float32Array, answers: Answers, head: Head): number {
  const { units } = head;
  if (metric === 'mae') return perUnit(scores, answers, units, (score, target) => Math.abs(score - target));
  // As Keras chooses: one unit says yes or no; several are taken for classes, of which the highest counts.
  if (metric === 'binaryAccuracy' || (metric === 'accuracy' && units === 1 && !isCategorical(head.loss))) {
    return perUnit(scores, answers, units, (score, target) => Number((score > 0.5 ? 1 : 0) === target));
  }
  const isRight = metric === 'accuracy' ? isHighest : isAmong(Number(metric.slice('top'.length)));
  return countRight(isRight, scores, classesOf(answers, units));
}

/** The mean over the units of each sample, summed over the samples. */
function perUnit(
  scores: Float32Array,
  answers: Answers,
  units: number,
  of: (score: number, target: number) => number,
): number {
  let sum = 0;
  for (let row = 0; row < samplesOf(answers, units); row++) {
    for (let unit = 0; unit < units; unit++) {
      const index = row * units + unit;
      sum += of(scores[index], targetAt(answers, units, index));
    }
  }
  return sum / units;
}
