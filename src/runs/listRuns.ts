import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Metrics, RunEvent, RunStatus } from '../core/run/events';
import { parseEventLine } from './eventLine';
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
}

/** A `start` with a thousand class names fits. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 16 * 1024;

/**
 * The runs in a folder, newest first; none where there is no such folder. Reads the ends of each event log, never the
 * middle: a list of long runs is as quick as one of short runs.
 */
export async function listRuns(out: string): Promise<readonly RunSummary[]> {
  const entries = await readdir(out, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(out, entry.name));
  const found = await Promise.all(folders.map(summarizeRun));
  return found
    .filter((run) => run !== undefined)
    .sort((a, b) => b.startedAt - a.startedAt || (a.folder < b.folder ? 1 : -1));
}

/** `undefined` where the folder is not a run's. */
export async function summarizeRun(folder: string): Promise<RunSummary | undefined> {
  const runProcess = await readRunProcess(folder);
  const alive = runProcess !== undefined && (await isAlive(runProcess));
  const ends = await readEnds(path.join(folder, RUN_FILES.events)).catch(() => undefined);
  if (!runProcess && !ends) return undefined;
  return {
    folder,
    ...nameAndTime(folder, ends?.first, runProcess),
    status: statusOf(ends?.first, ends?.last, alive),
    ...(ends?.metrics && { metrics: ends.metrics }),
  };
}

async function readEnds(file: string): Promise<{ first?: RunEvent; last?: RunEvent; metrics?: Metrics }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const read = async (from: number, bytes: number) => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(bytes, size - from)));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
      return buffer.toString('utf8', 0, bytesRead);
    };
    const head = await read(0, HEAD_BYTES);
    const tail = await read(Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
    const first = eventOf(head.slice(0, head.indexOf('\n')));
    // What follows the last newline is torn; what precedes it is the last whole line.
    const lines = tail.slice(0, tail.lastIndexOf('\n')).split('\n');
    const last = eventOf(lines.at(-1) ?? '');
    const line = lines.findLast(
      (candidate) => candidate.includes('"epoch"') && eventOf(candidate)?.type === 'epoch',
    );
    const epoch = line === undefined ? undefined : eventOf(line);
    const metrics = epoch?.type === 'epoch' ? epoch.metrics : undefined;
    return { ...(first && { first }), ...(last && { last }), ...(metrics && { metrics }) };
  } finally {
    await handle.close();
  }
}

function eventOf(line: string): RunEvent | undefined {
  const parsed = parseEventLine(line);
  return parsed.is === 'event' ? parsed.event : undefined;
}
