import path from 'node:path';
import { arrangeRuns, listedRun, type ListedRun } from '../../core/run/listing';
import { showNumber } from '../../core/run/showValue';
import { listRuns } from '../../runs/listRuns';
import { readSweep } from '../../runs/sweepFile';
import { usage, type Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { columns } from './columns';
import { openRun } from './openRun';

const STATUSES = ['starting', 'running', 'finished', 'stopped', 'failed', 'lost'];

const BY_ITSELF = ['started', 'name', 'status', 'seconds'];

/** `runs list`: a line a run, newest first or as asked. */
export async function listCommand(args: Arguments, out: string, terminal: Terminal): Promise<void> {
  const { status, name, sweep, sort = 'started' } = texts(args);
  if (status !== undefined && !STATUSES.includes(status)) {
    throw usage('OPTION_VALUE', `--status: found "${status}", expected one of ${STATUSES.join(', ')}`);
  }
  const metric = args.text('metric') ?? (BY_ITSELF.includes(sort) ? undefined : sort);
  const found = await listRuns(out);
  const all: ListedRun[] = [];
  // One after the other: a folder of a thousand runs is not read into memory at once.
  for (const { folder } of found) {
    const series = await readSweep(folder);
    const record = await openRun(folder, out, { steps: false });
    all.push(listedRun({ ...record, ...(series && { sweep: series }) }, metric));
  }
  const runs = arrangeRuns(all, {
    sort,
    ...(status !== undefined && { status }),
    ...(name !== undefined && { name }),
    ...(sweep !== undefined && { sweep }),
  });
  if (args.flag('json')) {
    const listed = runs.map(({ startedAt, ...run }) => ({
      ...run,
      startedAt: new Date(startedAt).toISOString(),
    }));
    terminal.write(`${JSON.stringify({ runs: listed })}\n`);
  } else if (runs.length === 0) {
    terminal.write(`no ${all.length === 0 ? 'runs' : 'such runs'} in ${out}\n`);
  } else {
    terminal.write(
      columns([['run', 'status', 'best', 'epoch', 'epochs', 'seconds', 'trained', ''], ...runs.map(rowOf)]),
    );
  }
}

const texts = (args: Arguments) => ({
  status: args.text('status'),
  name: args.text('name'),
  sweep: args.text('sweep'),
  sort: args.text('sort'),
});

const rowOf = (run: ListedRun): readonly string[] => [
  path.basename(run.folder),
  run.status,
  run.best ? `${run.best.metric} ${showNumber(run.best.value)}` : '–',
  run.best ? String(run.best.epoch) : '–',
  String(run.epochs),
  showNumber(Math.round(run.seconds)),
  run.trainableParams === undefined ? '–' : showNumber(run.trainableParams),
  run.problems.length === 0
    ? ''
    : `${run.problems.length} ${run.problems.length === 1 ? 'problem' : 'problems'}`,
];
