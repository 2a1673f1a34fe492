import { seededRandom } from './random';
import { shuffled } from './shuffle';

export interface Split {
  /** Indices into the dataset, ascending. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/**
 * Keeps a share of each class for validation, the same share of every class as nearly as whole samples allow, chosen
 * by the seed alone. A class keeps at least one sample for training, and gives at least one where it has two and the
 * share is not zero.
 */
export function stratifiedSplit(labels: Int32Array, fraction: number, seed: number): Split {
  const byClass = new Map<number, number[]>();
  labels.forEach((label, index) => {
    const members = byClass.get(label);
    if (members) members.push(index);
    else byClass.set(label, [index]);
  });
  const train: number[] = [];
  const validation: number[] = [];
  for (const [label, members] of byClass) {
    const order = shuffled(Uint32Array.from(members), seededRandom(seed, label));
    const least = fraction > 0 ? 1 : 0;
    const kept = Math.min(Math.max(Math.round(members.length * fraction), least), members.length - 1);
    validation.push(...order.subarray(0, kept));
    train.push(...order.subarray(kept));
  }
  return { train: Uint32Array.from(train).sort(), validation: Uint32Array.from(validation).sort() };
}
