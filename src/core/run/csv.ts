import type { Metrics, RunEvent } from './events';
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
  return [head, ...lines].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

type Measured = Extract<RunEvent, { type: 'step' | 'epoch' }> & { readonly metrics: Metrics };

function measuredRows(events: readonly RunEvent[]): readonly Measured[] {
  const rows: Measured[] = [];
  for (const event of events) {
    if (event.type === 'step' || event.type === 'epoch') rows.push(event);
    if (event.type !== 'resumed' || event.checkpoint === undefined) continue;
    while (rows.length > 0 && isAfter(rows[rows.length - 1]!, event)) rows.pop();
  }
  return rows;
}

/** An epoch's line stands at its last step: it is after a checkpoint that was made there before it was measured. */
const isAfter = (row: Measured, resumed: Extract<RunEvent, { type: 'resumed' }>): boolean =>
  row.step > resumed.step || (row.type === 'epoch' && row.epoch > resumed.epoch);

function cell(value: string | number): string {
  const text = String(value);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
