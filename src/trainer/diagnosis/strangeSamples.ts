import type { StepBatch } from '../batchSource';
import { tensorsOf } from './batchParts';
import { t, tn } from '../../l10n/translate';

/** Classes that one line names. */
const MOST_NAMED = 5;

/**
 * Which samples of a batch hold what is no number: ` (2 of 8, of the class "cat")`. Nothing where none does.
 *
 * @param classes by label
 */
export function describeStrange({ inputs, labels }: StepBatch, classes: readonly string[]): string {
  const strange = new Set(
    tensorsOf(inputs).flatMap(({ data, shape: [samples] }) => {
      const size = data.length / samples;
      const rows = Array.from({ length: samples }, (_, row) => row);
      return rows.filter((row) => !data.subarray(row * size, (row + 1) * size).every(Number.isFinite));
    }),
  );
  if (strange.size === 0) return '';
  const samples = tensorsOf(inputs)[0].shape[0];
  // Numbers in place of labels are of no class.
  const owners = labels instanceof Int32Array ? [...strange].map((row) => classes[labels[row]]) : [];
  const names = [...new Set(owners)].filter((name) => name !== undefined);
  const shown = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
  if (names.length === 0) return t(' ({0} of {1} in the batch)', strange.size, samples);
  const listed =
    names.length > MOST_NAMED
      ? t('{0} and {1} more', shown.join(', '), names.length - MOST_NAMED)
      : shown.join(', ');
  return tn(
    names.length,
    ' ({0} of {1} in the batch, of the class {2})',
    ' ({0} of {1} in the batch, of the classes {2})',
    strange.size,
    samples,
    listed,
  );
}
