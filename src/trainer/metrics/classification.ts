/** Whether a sample's label is right. `scores` is `[N, classes]`, row-major. */
type IsRight = (scores: Float32Array, start: number, label: number, classes: number) => boolean;

/** The label has the highest score; of equal ones the first counts, as with `argmax`. */
export const isHighest: IsRight = (scores, start, label, classes) => {
  const own = scores[start + label];
  for (let index = 0; index < classes; index++) {
    const other = scores[start + index];
    if (other > own || (other === own && index < label) || Number.isNaN(other)) return false;
  }
  return true;
};

/**
 * Fewer than k scores are higher than the label's, k being at most all there are: `tf.math.in_top_k`, by which a score that
 * is not finite is never right.
 */
export const isAmong =
  (most: number): IsRight =>
  (scores, start, label, classes) => {
    const own = scores[start + label];
    if (!Number.isFinite(own)) return false;
    let higher = 0;
    for (let index = 0; index < classes; index++) {
      const other = scores[start + index];
      if (!Number.isFinite(other)) return false;
      if (other > own) higher++;
    }
    return higher < Math.min(most, classes);
  };

export function countRight(isRight: IsRight, scores: Float32Array, labels: Int32Array): number {
  const classes = labels.length === 0 ? 0 : scores.length / labels.length;
  return labels.reduce(
    (right, label, row) => right + (isRight(scores, row * classes, label, classes) ? 1 : 0),
    0,
  );
}
