import { NOT_TOLD, type RunHistory, type StepColumns } from './history';

/**
 * A history with fewer steps: of every `bucket` that follow one another the first, and each metric's lowest and highest, so
 * that no extreme is lost (as M4 does; Jugel et al., VLDB 2014). The other events stay.
 */
export function thinHistory(history: RunHistory, bucket: number): RunHistory {
  const { events, before, steps } = history;
  if (bucket <= 1 || steps.length <= bucket) return history;
  const kept = keptRows(steps, bucket);
  let row = 0;
  return {
    events,
    before: before.map((told) => {
      while (row < kept.length && kept[row]! < told) row++;
      return row;
    }),
    steps: takeRows(steps, kept),
  };
}

function keptRows(steps: StepColumns, bucket: number): readonly number[] {
  const columns = Object.values(steps.metrics);
  const kept: number[] = [];
  for (let first = 0; first < steps.length; first += bucket) {
    const end = Math.min(steps.length, first + bucket);
    const rows = new Set([first]);
    for (const column of columns) {
      let [low, high] = [-1, -1];
      for (let row = first; row < end; row++) {
        const value = column[row]!;
        if (value === NOT_TOLD || Number.isNaN(value)) continue;
        if (low < 0 || value < column[low]!) low = row;
        if (high < 0 || value > column[high]!) high = row;
      }
      if (low >= 0) rows.add(low).add(high);
    }
    kept.push(...[...rows].sort((a, b) => a - b));
  }
  // Where a run stands now is not to be guessed.
  if (kept.at(-1) !== steps.length - 1) kept.push(steps.length - 1);
  return kept;
}

function takeRows({ step, epoch, time, metrics }: StepColumns, rows: readonly number[]): StepColumns {
  const take = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  return {
    length: rows.length,
    step: take(step),
    epoch: take(epoch),
    time: take(time),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, column]) => [name, take(column)])),
  };
}
