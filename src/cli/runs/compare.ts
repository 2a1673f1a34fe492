import path from 'node:path';
import { compareRuns, type ComparedRow, type Comparison } from '../../core/run/compare';
import { showValue } from '../../core/run/showValue';
import type { RunRecord } from '../../runs/runReader';
import type { Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { columns } from './columns';
import { openRun } from './openRun';

/** `runs compare RUN RUN…`: what differs beside what came out. */
export async function compareCommand(
  args: Arguments,
  named: readonly string[],
  out: string,
  terminal: Terminal,
): Promise<void> {
  const runs: RunRecord[] = [];
  for (const run of named) runs.push(await openRun(run, out, { steps: false }));
  showComparison(runs, args.text('metric'), args.flag('json'), terminal);
}

export function showComparison(
  runs: readonly RunRecord[],
  metric: string | undefined,
  json: boolean,
  terminal: Terminal,
): void {
  const comparison = compareRuns(runs, metric);
  if (json) {
    const folders = runs.map(({ folder, name, status }) => ({ folder, name, status }));
    terminal.write(`${JSON.stringify({ runs: folders, ...comparison })}\n`);
  } else {
    terminal.write(render(runs, comparison));
  }
  for (const { problems } of runs) for (const { message } of problems) terminal.warn(`warning ${message}`);
}

function render(runs: readonly RunRecord[], comparison: Comparison): string {
  const { operations, freezeSets, plan, outcomes } = comparison;
  const different = [...operations, ...freezeSets, ...plan];
  const names = runs.map(({ name }) => name);
  const isNamed = new Set(names).size === names.length;
  const head = ['', ...(isNamed ? names : runs.map(({ folder }) => path.basename(folder)))];
  const rows = (list: readonly ComparedRow[]) =>
    list.map(({ name, values }) => [name, ...values.map(showValue)]);
  const same: ComparedRow = { name: 'nothing that is known differs', values: [] };
  return columns([head, ...rows(different.length === 0 ? [same] : different), [''], ...rows(outcomes)]);
}
