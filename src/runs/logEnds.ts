import { open } from 'node:fs/promises';
import type { Metrics, RunEvent } from '../core/run/events';
import { parseEventLine } from './eventLine';

/** What the two ends of an event log tell. */
export interface LogEnds {
  readonly first?: RunEvent;
  readonly last?: RunEvent;
  /** Of the last epoch; left out where it lies too far from the log's end. */
  readonly metrics?: Metrics;
  /** There is a whole line of an event that this version does not know. */
  readonly isNewer: boolean;
  /** No whole line was found. */
  readonly isEmpty: boolean;
  /** Something follows the last whole line: it is still being written, or was cut off. */
  readonly isTorn: boolean;
}

/** A `start` with a thousand class names fits. */
const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Reads the ends of an event log, never the middle. @throws Error from the system where it cannot be read */
export async function readLogEnds(file: string): Promise<LogEnds> {
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
    const opening = parseEventLine(head.slice(0, Math.max(0, head.indexOf('\n'))));
    const first = opening.is === 'event' ? opening.event : undefined;
    // What follows the last newline is torn; what precedes it is the last whole line.
    const lines = tail.slice(0, Math.max(0, tail.lastIndexOf('\n'))).split('\n');
    const last = eventOf(lines.at(-1) ?? '');
    const line = lines.findLast(
      (candidate) => candidate.includes('"epoch"') && eventOf(candidate)?.type === 'epoch',
    );
    const epoch = line === undefined ? undefined : eventOf(line);
    const metrics = epoch?.type === 'epoch' ? epoch.metrics : undefined;
    return {
      ...(first && { first }),
      ...(last && { last }),
      ...(metrics && { metrics }),
      isNewer: opening.is === 'unknown' || parseEventLine(lines.at(-1) ?? '').is === 'unknown',
      // A first line may be longer than the head.
      isEmpty: !head.includes('\n') && !tail.includes('\n'),
      isTorn: size > 0 && !tail.endsWith('\n'),
    };
  } finally {
    await handle.close();
  }
}

function eventOf(line: string): RunEvent | undefined {
  const parsed = parseEventLine(line);
  return parsed.is === 'event' ? parsed.event : undefined;
}
