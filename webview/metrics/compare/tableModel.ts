import type { ComparedRow, ComparedValue, Comparison } from '../../../src/core/run/compare';
import { bestOf } from '../../../src/core/run/comparisonText';
import { rowWord, valueWord } from '../../../src/core/run/rowWords';
import { t } from '../../../src/l10n/translate';
import { formatDuration, formatMetric } from '../formatNumbers';
import { columnTitle } from '../metricNames';

/** A column of the table: what differs, or what came out. */
export interface TableColumn {
  /** Of its row in the comparison. */
  readonly name: string;
  /** The same, for people. */
  readonly word: string;
  readonly title: string;
  /** Under the title: of which epoch a metric is. */
  readonly note?: string;
  readonly kind: 'differs' | 'outcome';
  readonly values: readonly ComparedValue[];
  readonly cells: readonly string[];
  /** The runs with the best value, by their places. */
  readonly best: readonly number[];
  readonly better?: 'higher' | 'lower';
}

export interface Sorting {
  readonly column: string;
  readonly reversed: boolean;
}

/** Said beside the run's name, or of no interest where all runs have the same. */
const IN_THE_NAME = 'status';
const IF_DIFFERENT: ReadonlySet<string> = new Set(['engine', 'parameters', 'best epoch by']);

export function columnsOf({ operations, freezeSets, plan, outcomes }: Comparison): readonly TableColumn[] {
  return [
    ...[...operations, ...freezeSets, ...plan].map((row) => columnOf(row, 'differs')),
    ...outcomes
      .filter(({ name }) => name !== IN_THE_NAME)
      .filter(({ name, values }) => !IF_DIFFERENT.has(name) || new Set(values).size > 1)
      .toSorted((a, b) => rank(a) - rank(b))
      .map((row) => columnOf(row, 'outcome')),
  ];
}

/** What people look for first comes first: metrics of the best epochs, in validation before training. */
function rank({ metric, at }: ComparedRow): number {
  if (metric === undefined) return 2;
  return (at === 'last' ? 3 : 0) + (metric.startsWith('val_') ? 0 : 1);
}

function columnOf(row: ComparedRow, kind: TableColumn['kind']): TableColumn {
  const { name, values, metric, at, better } = row;
  const show = (value: ComparedValue): string => {
    if (typeof value !== 'number') return valueWord(value);
    if (metric !== undefined) return formatMetric(metric, value);
    return name === 'seconds' ? formatDuration(value) : valueWord(value);
  };
  const word = rowWord(row);
  return {
    ...{ name, word, kind, values },
    title: metric === undefined ? (TITLE[name] ?? word) : columnTitle(metric),
    ...(at && { note: at === 'best' ? t('best epoch') : t('last epoch') }),
    cells: values.map(show),
    best: bestOf(row),
    ...(better && { better }),
  };
}

const TITLE: Readonly<Record<string, string>> = { seconds: t('time at work') };

/** The places of the runs, the best first; those without a value come last. As they were chosen without a sorting. */
export function sortedRuns(
  runs: number,
  columns: readonly TableColumn[],
  sorting: Sorting | null,
): readonly number[] {
  const places = Array.from({ length: runs }, (_, place) => place);
  const column = columns.find(({ name }) => name === sorting?.column);
  if (!column || !sorting) return places;
  const sign = (column.better === 'higher' ? -1 : 1) * (sorting.reversed ? -1 : 1);
  return places.toSorted((a, b) => order(column.values[a] ?? null, column.values[b] ?? null, sign) || a - b);
}

function order(a: ComparedValue, b: ComparedValue, sign: number): number {
  const [noA, noB] = [a, b].map((value) => value === null || Number.isNaN(value));
  if (noA || noB) return Number(noA) - Number(noB);
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** What a click on a column's head makes of the sorting: the best first, the other way round, as chosen. */
export function nextSorting(before: Sorting | null, column: string): Sorting | null {
  if (before?.column !== column) return { column, reversed: false };
  return before.reversed ? null : { column, reversed: true };
}
