import { sizeOf } from '../../core/graph/layerGraph';
import type { Batch } from '../../data/batches';
import type { Tensorlike } from '../batch';
import type { Forward } from './forward';

/**
 * The largest difference between two computations of the same samples that is rounding, as a share of the largest number of
 * each tensor.
 */
export const TOLERANCE = 1e-4;

/** A card's convolutions may round to ten bits, and by other means for another batch size. */
export const OWN_TOLERANCE = 1e-2;

/**
 * Whether what came of a batch is what `forward` makes of its first and of its last sample alone, to `tolerance`. So a
 * runtime that computes something else is found out, and so is a layer that makes of a sample something else when others
 * are beside it.
 */
export async function agrees(
  forward: Forward,
  { data, shape }: Batch,
  outputs: readonly Tensorlike[],
  tolerance: number,
): Promise<boolean> {
  const [count, ...sample] = shape;
  const size = sizeOf(sample);
  for (const row of new Set([0, count - 1])) {
    const input = { data: data.subarray(row * size, (row + 1) * size), shape: [1, ...sample] };
    const alone = await forward.run([input]);
    if (alone.length !== outputs.length) return false;
    if (!alone.every((one, index) => isRow(one, outputs[index], row, tolerance))) return false;
  }
  return true;
}

/** Numbers that are not finite agree with their like alone. */
function isRow(one: Tensorlike, many: Tensorlike, row: number, tolerance: number): boolean {
  // What is no float, such as an index, is not kept.
  if (!(one.data instanceof Float32Array) || !(many.data instanceof Float32Array)) return false;
  const size = sizeOf(many.shape.slice(1));
  if (one.data.length !== size || one.shape[0] !== 1) return false;
  const expected = many.data.subarray(row * size, (row + 1) * size);
  const finite = expected.filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return one.data.every(
    (value, index) =>
      Object.is(value, expected[index]) || Math.abs(value - expected[index]) <= tolerance * largest,
  );
}
