import { markdownTable } from '../markdownTable';
import type { ComparedRow, ComparedValue, Comparison } from './compare';
import { csvLine } from './csv';
import { rowWord, valueWord } from './rowWords';
import { t } from '../../l10n/translate';

/** What differs, then what came out: the lines of a comparison as its tables show them. */
export function rowsOf({ operations, freezeSets, plan, outcomes }: Comparison): readonly ComparedRow[] {
  return [...operations, ...freezeSets, ...plan, ...outcomes];
}

/** Of a metric, which of the runs have its best value; none where fewer than two have been measured, or all are alike. */
export function bestOf({ better, values }: ComparedRow): readonly number[] {
  if (better === undefined) return [];
  const measured = values.filter((value): value is number => Number.isFinite(value));
  const best = better === 'higher' ? Math.max(...measured) : Math.min(...measured);
  if (measured.length < 2 || measured.every((value) => value === best)) return [];
  return values.flatMap((value, run) => (value === best ? [run] : []));
}

/**
 * A comparison to be pasted into a text: a line a run, the best of each metric in bold.
 * @param names of the runs, in the comparison's order
 */
export function comparisonMarkdown(names: readonly string[], comparison: Comparison): string {
  const rows = rowsOf(comparison);
  const best = rows.map(bestOf);
  const lines = names.map((name, run) => [
    name,
    ...rows.map(({ values }, row) => {
      const text = valueWord(values[run] ?? null);
      return best[row]?.includes(run) ? `**${text}**` : text;
    }),
  ]);
  return `${markdownTable([t('run'), ...rows.map(rowWord)], lines).join('\n')}\n`;
}

/** The same for a spreadsheet, with all digits: a line a run, an empty cell where a run has nothing there. */
export function comparisonCsv(names: readonly string[], comparison: Comparison): string {
  const rows = rowsOf(comparison);
  const cell = (value: ComparedValue | undefined) => value ?? '';
  return [
    csvLine(['run', ...rows.map(({ name }) => name)]),
    ...names.map((name, run) => csvLine([name, ...rows.map(({ values }) => cell(values[run]))])),
  ].join('');
}
