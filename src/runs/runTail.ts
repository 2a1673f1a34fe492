import { watch, type FSWatcher } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { RunEvent, RunStatus } from '../core/run/events';
import { LONGEST_EVENT_LINE, parseEventLine } from './eventLine';
import { LineSplitter } from './lineSplitter';
import { RUN_FILES } from './runFolder';
import { isAlive, readRunProcess } from './runProcess';
import { statusOf, type RunRecord } from './runReader';

export interface RunTailListener {
  /** What was appended, in order, never empty; and where in the log the last of it ended. */
  onEvents?(events: readonly RunEvent[], bytes: number): void;
  /** Called once at first and at every change. */
  onStatus?(status: RunStatus): void;
}

export interface RunTailOptions {
  /** What was read already: the tail goes on from its last event. */
  readonly after?: Pick<RunRecord, 'bytes' | 'events'>;
  /** Milliseconds between looks where the file system does not tell (network drives, containers). */
  readonly pollMs?: number;
}

export interface RunTail {
  dispose(): void;
}

const CHUNK = 256 * 1024;
const POLL_MS = 500;
/** Every how many polls the process is asked for; `ps` and `tasklist` are not free. */
const POLLS_PER_LIFE_SIGN = 4;

/**
 * Follows `events.jsonl` of a run folder: reads what was appended since the last look and nothing twice. The file, and
 * the folder, may come later.
 */
export function tailRun(folder: string, listener: RunTailListener, options: RunTailOptions = {}): RunTail {
  const tail = new Tail(folder, listener, options.after ?? { bytes: 0, events: [] });
  tail.start(options.pollMs ?? POLL_MS);
  return tail;
}

class Tail implements RunTail {
  private readonly splitter = new LineSplitter(LONGEST_EVENT_LINE);
  private readonly file: string;
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private polls = 0;
  private alive = true;
  private offset: number;
  private first: RunEvent | undefined;
  private last: RunEvent | undefined;
  private status: RunStatus | undefined;
  private reading = false;
  private again = false;
  private disposed = false;

  constructor(
    private readonly folder: string,
    private readonly listener: RunTailListener,
    after: Pick<RunRecord, 'bytes' | 'events'>,
  ) {
    this.offset = after.bytes;
    this.first = after.events[0];
    this.last = after.events.at(-1);
    this.file = path.join(folder, RUN_FILES.events);
  }

  start(pollMs: number): void {
    try {
      this.watcher = watch(this.folder, { persistent: false }, () => this.look());
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // No folder yet, or a file system that cannot watch: the poll finds out.
    }
    this.timer = setInterval(() => this.look(), pollMs);
    this.timer.unref();
    this.look();
  }

  dispose(): void {
    this.disposed = true;
    this.watcher?.close();
    clearInterval(this.timer);
  }

  /** One look at a time; those asked for meanwhile become one more. */
  private look(): void {
    if (this.disposed) return;
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    void this.read().finally(() => {
      this.reading = false;
      if (!this.again) return;
      this.again = false;
      this.look();
    });
  }

  private async read(): Promise<void> {
    // Before the events, for the reason given in `readRun`.
    if (this.last?.type !== 'end' && this.polls++ % POLLS_PER_LIFE_SIGN === 0)
      this.alive = await this.lives();
    await this.readAppended().catch(() => undefined);
    if (this.disposed) return;
    const status = statusOf(this.first, this.last, this.alive);
    if (status === this.status || this.disposed) return;
    this.status = status;
    this.listener.onStatus?.(status);
  }

  private async lives(): Promise<boolean> {
    const runProcess = await readRunProcess(this.folder);
    return runProcess !== undefined && (await isAlive(runProcess));
  }

  private async readAppended(): Promise<void> {
    const handle = await open(this.file, 'r');
    try {
      const chunk = new Uint8Array(CHUNK);
      while (!this.disposed) {
        const { bytesRead } = await handle.read(chunk, 0, CHUNK, this.offset);
        if (bytesRead === 0) break;
        this.offset += bytesRead;
        const lines = this.splitter.push(chunk.subarray(0, bytesRead));
        this.tell(
          lines.map(parseEventLine).flatMap((parsed) => (parsed.is === 'event' ? [parsed.event] : [])),
        );
      }
    } finally {
      await handle.close();
    }
  }

  private tell(events: readonly RunEvent[]): void {
    if (this.disposed || events.length === 0) return;
    this.first ??= events[0];
    this.last = events.at(-1);
    this.listener.onEvents?.(events, this.offset - this.splitter.waiting);
  }
}
