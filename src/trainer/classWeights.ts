import { Failure, nearest } from '../core/failure';
import type { ClassWeights } from '../core/plan/plan';
import type { Part } from '../data/openData';
import { t } from '../l10n/translate';

/**
 * How many times a sample of each class counts in the loss of training, by the class's number.
 *
 * @param asked in a plan; `balanced` is scikit-learn's `samples / (classes × samples of the class)`, of the training data
 * @throws Failure of kind `input` (`CLASS_UNKNOWN`) for a weight of a class that the data does not have
 */
export function classWeightsOf(
  asked: ClassWeights | undefined,
  classes: readonly string[],
  { dataset, indices }: Part,
): readonly number[] | undefined {
  if (asked === undefined) return undefined;
  if (asked !== 'balanced') {
    for (const name of Object.keys(asked)) requireClass(name, classes);
    return classes.map((name) => (Object.hasOwn(asked, name) ? asked[name] : 1));
  }
  const counts = new Array<number>(classes.length).fill(0);
  for (const index of indices) counts[dataset.labels[index]]++;
  // A class without a sample has none that would count.
  return counts.map((count) => (count === 0 ? 1 : indices.length / (classes.length * count)));
}

function requireClass(name: string, classes: readonly string[]): void {
  if (classes.includes(name)) return;
  const near = nearest(name, classes);
  const known = near === undefined ? classes.slice(0, SHOWN).join(', ') : `"${near}"`;
  const message = t(
    'classWeights: found the class "{0}", expected one of the data\'s {1}: {2}',
    name,
    classes.length,
    known,
  );
  throw new Failure('input', 'CLASS_UNKNOWN', message);
}

/** Enough names to know the data again. */
const SHOWN = 10;
