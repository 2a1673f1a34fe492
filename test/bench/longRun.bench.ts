import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunHistory } from '../../src/core/run/history';
import { HistoryOverview } from '../../src/core/run/historyOverview';
import { packSteps, type PackedColumn } from '../../src/protocol/packedSteps';
import { readRun, type ReadOptions } from '../../src/runs/runReader';
import { writeLongRun } from './longRun';

const STEPS = 1_000_000;

/**
 * What the extension host does of a run of 1,000,000 steps, without VS Code: reading it into columns beside reading it into
 * objects, in one process, and what a page is sent of it.
 */
export async function run(): Promise<Record<string, number>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'long-run-'));
  try {
    writeLongRun(folder, 'long', STEPS);
    // Once for the disk and the compiler.
    await read(folder, { onPart: () => undefined });
    const columns = await read(folder, { onPart: () => undefined });
    const overview = new HistoryOverview();
    const looked = await read(folder, { onPart: (part) => overview.add(part) });
    const latest = await read(folder, { steps: 'latest' });
    let bytes = 0;
    const packed = await read(folder, { onPart: (part) => void (bytes += bytesOf(part)) });
    const shown = bytesOf(overview.take());
    const objects = await read(folder, {});
    return {
      'MB of events': statSync(path.join(folder, 'events.jsonl')).size / 1e6,
      'into columns, ms': columns.ms,
      'into columns, processor ms': columns.processorMs,
      'into columns / into objects, processor time': columns.processorMs / objects.processorMs,
      'into columns and an overview, processor ms': looked.processorMs,
      'into columns, packed, processor ms': packed.processorMs,
      'but for the steps, processor ms': latest.processorMs,
      'MB resident more while read into columns': columns.grownBytes / 1e6,
      'MB resident more, read into objects': objects.grownBytes / 1e6,
      'MB to the page, what it looks like': shown / 1e6,
      'MB to the page, all': bytes / 1e6,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Reading {
  readonly ms: number;
  readonly processorMs: number;
  readonly grownBytes: number;
}

async function read(folder: string, options: ReadOptions): Promise<Reading> {
  const [began, used, bytes] = [performance.now(), process.cpuUsage(), process.memoryUsage.rss()];
  const record = await readRun(folder, options);
  const { user, system } = process.cpuUsage(used);
  const grownBytes = process.memoryUsage.rss() - bytes;
  if (record.events.at(-1)?.type !== 'end') throw new Error('the run was not read to its end');
  return { ms: performance.now() - began, processorMs: (user + system) / 1000, grownBytes };
}

/** Of the numbers; the other events are a few. */
function bytesOf({ steps }: RunHistory): number {
  const { step, epoch, time, metrics } = packSteps(steps);
  const bytes = (column: PackedColumn) =>
    column instanceof Float64Array ? column.byteLength : (column.offsets?.byteLength ?? 0);
  return [step, epoch, time, ...Object.values(metrics)].reduce((sum, column) => sum + bytes(column), 0);
}
