import type { UnmatchedWeight } from './warmStart';

/**
 * Why a warm start left a weight as it was, after its name.
 * @param show a shape without a batch, as the reader has them elsewhere
 */
export function whyUnmatched(
  { why, found = [], expected = [] }: UnmatchedWeight,
  show: (shape: readonly number[]) => string,
): string {
  switch (why) {
    case 'layer':
      return 'the file has no layer of this name';
    case 'weight':
      return 'that layer of the file has no such weight';
    case 'shape':
      return `found ${show(found)}, expected ${show(expected)}`;
    case 'layout':
      return `would have to be transposed from ${show(found)}: convert the file first`;
  }
}
