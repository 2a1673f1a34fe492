import type { UnmatchedWeight } from './warmStart';
import { t } from '../../l10n/translate';

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
      return t('the file has no layer of this name');
    case 'weight':
      return t('that layer of the file has no such weight');
    case 'shape':
      return t('found {0}, expected {1}', show(found), show(expected));
    case 'layout':
      return t('would have to be transposed from {0}: convert the file first', show(found));
  }
}
