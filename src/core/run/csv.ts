import type { RunEvent } from './events';
import { measuredRows } from './measured';
import { metricNames } from './outcome';

/** What would end a cell. */
const QUOTED = /[",\r\n]/;

/** Steps and epochs of a run as one table. A resumed run's are those that count: what was done again is there once. */
export function metricsCsv(events: readonly RunEvent[]): string {
  const rows = measuredRows(events);
  const names = metricNames(rows.map(({ metrics }) => metrics));
  const head = ['kind', 'epoch', 'step', 'time', ...names, 'seconds', 'samplesPerSecond'];
  const lines = rows.map((row) => [
    row.type,
    row.epoch,
    row.step,
    new Date(row.time).toISOString(),
    ...names.map((name) => row.metrics[name] ?? ''),
    ...(row.type === 'epoch' ? [row.seconds, row.samplesPerSecond] : ['', '']),
  ]);
  return [head, ...lines].map(csvLine).join('');
}

/** One line of a table as RFC 4180 has it, but for its line's end. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cell).join(',')}\n`;
}

function cell(value: string | number): string {
  const text = String(value);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
