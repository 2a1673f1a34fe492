import type { LayerView } from '../../../src/protocol/editor';
import type { KindView } from '../../../src/protocol/surgerySheets';
import type { Pick } from './pickList';
import { t } from '../../../src/l10n/translate';

/** The shelves of the catalogue as people call them, in the order in which they are offered. */
const SHELVES: Readonly<Record<string, string>> = {
  core: t('Core'),
  convolution: t('Convolution'),
  pooling: t('Pooling'),
  normalization: t('Normalization'),
  activation: t('Activation'),
  regularization: t('Regularization'),
  reshaping: t('Reshaping'),
  merging: t('Merging'),
  preprocessing: t('Preprocessing'),
  attention: t('Attention'),
  recurrent: t('Recurrent'),
  operation: t('Operations on tensors'),
};

/** Kinds to choose from, shelf by shelf. */
export function kindPicks(kinds: readonly KindView[]): readonly Pick[] {
  const shelves = Object.keys(SHELVES);
  const placeOf = ({ family }: KindView) =>
    (shelves.indexOf(family) + shelves.length + 1) % (shelves.length + 1);
  return kinds
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map(({ name, family }) => ({ id: name, label: name, family, group: SHELVES[family] ?? family }));
}

/**
 * Whether a kind can stand in a chain, which feeds each layer one tensor, or in place of a layer, which is fed as many
 * as that is.
 */
export function takesTensors({ arity: [least, most], family }: KindView, instead?: LayerView): boolean {
  if (most === 0) return false;
  if (!instead) return least <= 1 && family !== 'merging';
  const fed = instead.inputs.length;
  return least <= fed && (most === null || fed <= most);
}
