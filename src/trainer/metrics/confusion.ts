import type { Metric } from '../../core/plan/plan';

/**
 * What a metric that is no mean over samples adds up from batch to batch, so that its value is that of all samples
 * together.
 */
export type Tally = readonly number[];

/** Keras's: two beyond the ends, the others as far apart from one another. */
const THRESHOLDS = 200;

/** Scores and whether each should be high, one for each unit of each sample. */
interface Judged {
  readonly scores: Float32Array;
  readonly isTrue: (index: number) => boolean;
}

interface Counting {
  readonly tally: (judged: Judged) => Tally;
  readonly value: (tally: Tally) => number;
}

const share = ([part, rest]: Tally): number => (part + rest === 0 ? 0 : part / (part + rest));

/** Above one half is a yes. */
function decisions({ scores, isTrue }: Judged): Readonly<Record<'hits' | 'alarms' | 'misses', number>> {
  const counts = { hits: 0, alarms: 0, misses: 0 };
  scores.forEach((score, index) => {
    if (score > 0.5) counts[isTrue(index) ? 'hits' : 'alarms']++;
    else if (isTrue(index)) counts.misses++;
  });
  return counts;
}

/**
 * How many positives, and how many negatives, have a score in each of the stretches between neighbouring thresholds, as
 * `keras.metrics.AUC` counts them: in single precision, the upper end in, zero in the first.
 */
function stretches({ scores, isTrue }: Judged): Tally {
  const counts = new Array<number>(2 * THRESHOLDS).fill(0);
  scores.forEach((score, index) => {
    const inside = Math.min(Math.max(score, 0), 1);
    const stretch = Math.max(Math.ceil(Math.fround(inside * (THRESHOLDS - 1))) - 1, 0);
    // A score that is not a number is in none.
    if (!Number.isNaN(stretch)) counts[stretch + (isTrue(index) ? 0 : THRESHOLDS)]++;
  });
  return counts;
}

/** The area under the curve of true positives over false ones, between thresholds by trapezoids. */
function areaUnderCurve(tally: Tally): number {
  const positives = tally.slice(0, THRESHOLDS);
  const negatives = tally.slice(THRESHOLDS);
  const [allPositives, allNegatives] = [positives, negatives].map((counts) =>
    counts.reduce((a, b) => a + b, 0),
  );
  if (!allPositives || !allNegatives) return 0;
  let [above, area] = [0, 0];
  for (let stretch = THRESHOLDS - 1; stretch >= 0; stretch--) {
    const next = above + positives[stretch];
    area += (negatives[stretch] * (above + next)) / 2;
    above = next;
  }
  return area / (allPositives * allNegatives);
}

const countings: Partial<Readonly<Record<Metric, Counting>>> = {
  precision: {
    tally: (judged) => {
      const { hits, alarms } = decisions(judged);
      return [hits, alarms];
    },
    value: share,
  },
  recall: {
    tally: (judged) => {
      const { hits, misses } = decisions(judged);
      return [hits, misses];
    },
    value: share,
  },
  auc: { tally: stretches, value: areaUnderCurve },
};

export function tallyOf(metric: Metric, judged: Judged): Tally | undefined {
  return countings[metric]?.tally(judged);
}

/** What a metric's tally, of one batch or of many added up, makes. */
export function valueOf(metric: string, tally: Tally): number {
  return countings[metric as Metric]?.value(tally) ?? NaN;
}

export function added(one: Tally | undefined, other: Tally): Tally {
  return one ? other.map((count, index) => count + one[index]) : other;
}
