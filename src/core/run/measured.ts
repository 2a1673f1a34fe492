import type { RunEvent } from './events';

/** A line of a run that holds metrics. */
export type Measured = Extract<RunEvent, { type: 'step' | 'epoch' }>;

/** The steps and epochs of a run that count, in order: of a resumed run what was done again is there once. */
export function measuredRows(events: readonly RunEvent[]): readonly Measured[] {
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
