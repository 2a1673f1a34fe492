import { compileRegex } from '../model/matching';
import type { SummaryRow } from './rows';
import { t } from '../../../src/l10n/translate';

export const SHOWN = [
  { value: 'all', label: t('All layers') },
  { value: 'trainable', label: t('Trainable') },
  { value: 'frozen', label: t('Frozen') },
  { value: 'weights', label: t('With weights') },
  { value: 'faults', label: t('With faults') },
] as const;

export type Shown = (typeof SHOWN)[number]['value'];

export interface Filter {
  /** Searched in name, kind and group; capitals matter in a regular expression alone. */
  readonly text: string;
  readonly isRegex: boolean;
  /** Of this kind alone; any where empty. */
  readonly kind: string;
  readonly shown: Shown;
}

export const NO_FILTER: Filter = { text: '', isRegex: false, kind: '', shown: 'all' };

/** The rows that pass, or what is wrong with the regular expression, which then lets all pass. */
export function filterRows(
  rows: readonly SummaryRow[],
  filter: Filter,
): { readonly rows: readonly SummaryRow[]; readonly problem?: string } {
  const compiled = filter.isRegex && filter.text !== '' ? compileRegex(filter.text) : undefined;
  const problem = compiled && 'problem' in compiled ? compiled.problem : undefined;
  const regex = compiled && 'compiled' in compiled ? compiled.compiled : undefined;
  const wanted = filter.isRegex ? '' : filter.text.trim().toLowerCase();
  const hasText = ({ title, group }: SummaryRow) =>
    wanted === '' || title.toLowerCase().includes(wanted) || group.toLowerCase().includes(wanted);
  const kept = rows.filter(
    (row) =>
      (filter.kind === '' || row.layer.kind === filter.kind) &&
      isShown(row, filter.shown) &&
      (regex ? regex.test(row.layer.name) : hasText(row)),
  );
  return { rows: kept, ...(problem !== undefined && { problem }) };
}

function isShown({ layer, trainable }: SummaryRow, shown: Shown): boolean {
  switch (shown) {
    case 'all':
      return true;
    case 'trainable':
      return trainable === 'Y';
    case 'frozen':
      return trainable === 'N';
    case 'weights':
      return layer.weights.length > 0;
    case 'faults':
      return layer.faults.length > 0;
  }
}

/** All kinds there are, by name. */
export function kindsIn(rows: readonly SummaryRow[]): readonly string[] {
  return [...new Set(rows.map(({ layer }) => layer.kind))].sort();
}
