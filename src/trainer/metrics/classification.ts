import type { Plan } from '../../core/plan/plan';

/** How many of a batch's samples a metric counts as right. `scores` is `[N, classes]`, row-major. */
type Count = (scores: Float32Array, labels: Int32Array, classes: number) => number;

/** The label has the highest score; of equal ones the first counts, as with `argmax`. */
const accuracy: Count = (scores, labels, classes) =>
  count(labels, (label, row) => {
    const own = scores[row * classes + label];
    for (let index = 0; index < classes; index++) {
      const other = scores[row * classes + index];
      if (other > own || (other === own && index < label) || Number.isNaN(other)) return false;
    }
    return true;
  });

/**
 * Fewer than k scores are higher than the label's, k being five or all there are: `tf.math.in_top_k`, by which a score that
 * is not finite is never right.
 */
const top5: Count = (scores, labels, classes) =>
  count(labels, (label, row) => {
    const own = scores[row * classes + label];
    if (!Number.isFinite(own)) return false;
    let higher = 0;
    for (let index = 0; index < classes; index++) {
      const other = scores[row * classes + index];
      if (!Number.isFinite(other)) return false;
      if (other > own) higher++;
    }
    return higher < Math.min(5, classes);
  });

function count(labels: Int32Array, isRight: (label: number, row: number) => boolean): number {
  return labels.reduce((right, label, row) => right + (isRight(label, row) ? 1 : 0), 0);
}

const counts: Readonly<Record<Plan['metrics'][number], Count>> = { accuracy, top5 };

/** Each metric summed over the samples, by Keras's history name. */
export function countRight(
  metrics: Plan['metrics'],
  scores: Float32Array,
  labels: Int32Array,
): Record<string, number> {
  const classes = labels.length === 0 ? 0 : scores.length / labels.length;
  return Object.fromEntries(metrics.map((name) => [name, counts[name](scores, labels, classes)]));
}
