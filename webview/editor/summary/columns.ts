import { count } from '../model/text';
import type { SummaryRow } from './rows';
import { t } from '../../../src/l10n/translate';

export type ColumnId = 'layer' | 'shape' | 'params' | 'connected' | 'trainable' | 'group';

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** Its title in what is copied, which is Keras's for everyone. */
  readonly printed: string;
  readonly text: (row: SummaryRow) => string;
  /** Below zero where the one comes before the other. */
  readonly compare: (a: SummaryRow, b: SummaryRow) => number;
  readonly numeric?: true;
}

/** So that `conv10` comes after `conv9`. */
const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers in one sample; an unknown shape comes before all others. */
function sizeOf({ layer }: SummaryRow): number {
  return layer.outputShape === null
    ? -1
    : layer.outputShape.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);
}

const ALL: readonly Column[] = [
  {
    id: 'layer',
    title: t('Layer (type)'),
    printed: 'Layer (type)',
    text: ({ title }) => title,
    compare: (a, b) => compare(a.layer.name, b.layer.name),
  },
  {
    id: 'shape',
    title: t('Output Shape'),
    printed: 'Output Shape',
    text: ({ shape }) => shape,
    compare: (a, b) => sizeOf(a) - sizeOf(b) || compare(a.shape, b.shape),
  },
  {
    id: 'params',
    title: t('Param #'),
    printed: 'Param #',
    text: ({ layer }) => count(layer.params),
    compare: (a, b) => a.layer.params - b.layer.params,
    numeric: true,
  },
  {
    id: 'connected',
    title: t('Connected to'),
    printed: 'Connected to',
    text: ({ connected }) => connected,
    compare: (a, b) => compare(a.connected, b.connected),
  },
  {
    id: 'trainable',
    title: t('Trainable'),
    printed: 'Trainable',
    text: ({ trainable }) => trainable,
    compare: (a, b) => compare(a.trainable, b.trainable),
  },
  {
    id: 'group',
    title: t('Group'),
    printed: 'Group',
    text: ({ group }) => group,
    compare: (a, b) => compare(a.group, b.group),
  },
];

/** Keras's columns; that of groups where the model has any. */
export function columnsOf(rows: readonly SummaryRow[]): readonly Column[] {
  return rows.some(({ group }) => group !== '') ? ALL : ALL.filter(({ id }) => id !== 'group');
}

export interface Sorting {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** Pressing a column's title: upwards, then downwards, then as the graph has them. */
export function nextSorting(sorting: Sorting | null, column: ColumnId): Sorting | null {
  if (sorting?.column !== column) return { column, descending: false };
  return sorting.descending ? null : { column, descending: true };
}

/** Equal rows stay in graph order, downwards too. */
export function sortRows(rows: readonly SummaryRow[], sorting: Sorting | null): readonly SummaryRow[] {
  const column = ALL.find(({ id }) => id === sorting?.column);
  if (!sorting || !column) return rows;
  const sign = sorting.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * column.compare(a, b) || a.place - b.place);
}
