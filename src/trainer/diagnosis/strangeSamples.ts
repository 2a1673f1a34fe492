import type { StepBatch } from '../batchSource';
import { tensorsOf } from './batchParts';

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
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const of =
    names.length === 0 ? '' : `, of the class${names.length > 1 ? 'es' : ''} ${shown.join(', ')}${more}`;
  return ` (${strange.size} of ${samples} in the batch${of})`;
}
