import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Metrics, RunStatus } from '../core/run/events';
import type { RunFault } from '../core/run/health';
import { inspectRun } from './inspectRun';
import { readLogEnds } from './logEnds';
import { RUN_FILES } from './runFolder';
import { isAlive, readRunProcess } from './runProcess';
import { nameAndTime, statusOf } from './runReader';

export interface RunSummary {
  readonly folder: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  /** Of the last epoch; left out where it lies too far from the log's end. */
  readonly metrics?: Metrics;
  /** The gravest thing that is wrong with its folder. */
  readonly fault?: RunFault;
}

/**
 * The runs in a folder, newest first; none where there is no such folder. Reads the ends of each event log, never the
 * middle: a list of long runs is as quick as one of short runs.
 */
export async function listRuns(out: string): Promise<readonly RunSummary[]> {
  const entries = await readdir(out, { withFileTypes: true }).catch(() => []);
  // A hidden one is being made, or was when its process was killed.
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(out, entry.name));
  const found = await Promise.all(folders.map(summarizeRun));
  return found
    .filter((run) => run !== undefined)
    .sort((a, b) => b.startedAt - a.startedAt || (a.folder < b.folder ? 1 : -1));
}

/** `undefined` where the folder is not a run's. */
export async function summarizeRun(folder: string): Promise<RunSummary | undefined> {
  const runProcess = await readRunProcess(folder);
  const alive = runProcess !== undefined && (await isAlive(runProcess));
  const ends = await readLogEnds(path.join(folder, RUN_FILES.events)).catch(() => undefined);
  if (!runProcess && !ends) return undefined;
  const { faults } = await inspectRun(folder, { ends: ends ?? null, alive });
  // A torn line is what a kill leaves: the status says that already.
  const fault = faults.find((found) => found !== 'torn');
  return {
    folder,
    ...nameAndTime(folder, ends?.first, runProcess),
    status: statusOf(ends?.first, ends?.last, alive),
    ...(ends?.metrics && { metrics: ends.metrics }),
    ...(fault && { fault }),
  };
}
