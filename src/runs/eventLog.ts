import { open, type FileHandle } from 'node:fs/promises';
import { asOneLine } from '../core/failure';
import type { RunEvent } from '../core/run/events';
import { HistoryBuilder, keepLatest, type RunHistory } from '../core/run/history';
import { LONGEST_EVENT_LINE, parseEventLine } from './eventLine';
import { LineSplitter, LineTooLong } from './lineSplitter';
import { isStepLine, StepLineReader } from './stepLine';
import { t } from '../l10n/translate';

/** Something in a run folder that is missing or not as it should be; the rest is read all the same. */
export interface RunProblem {
  readonly code: 'FILE_MISSING' | 'FILE_BROKEN' | 'FILE_NEWER' | 'EVENT_BROKEN' | 'EVENT_UNKNOWN';
  readonly path: string;
  readonly message: string;
}

export interface ReadOptions {
  /**
   * Whether steps are read: they are nearly all of a long run, and a list of runs has no use for them. `latest`: of steps
   * that follow one another, the latest.
   */
  readonly steps?: boolean | 'latest';
  /**
   * Takes the history in parts of some 50,000 steps and is waited for, so that a history of any length needs the memory
   * of one part. The events that are given back are then as with `latest`.
   */
  readonly onPart?: (part: RunHistory) => void | Promise<void>;
  /** How far to read: where an event ended. To the end where left out. */
  readonly upTo?: number;
}

export interface ReadEvents {
  readonly events: readonly RunEvent[];
  /** Where the last whole line ended. */
  readonly bytes: number;
}

/** Some five milliseconds of reading: an extension host answers others in between. */
const CHUNK = 1024 * 1024;
/** Half a megabyte a column, with what one more chunk holds. */
const STEPS_A_PART = 48_000;

/** Reads the events of a run; what cannot be read is added to `problems`. */
export async function readEventLog(
  file: string,
  problems: RunProblem[],
  options: ReadOptions = {},
): Promise<ReadEvents> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) {
    problems.push(missing(file));
    return { events: [], bytes: 0 };
  }
  try {
    return await new EventLog(file, problems, options).read(handle);
  } finally {
    await handle.close();
  }
}

class EventLog {
  private readonly splitter = new LineSplitter(LONGEST_EVENT_LINE);
  private readonly builder = new HistoryBuilder();
  private readonly stepLines = new StepLineReader(this.builder);
  private readonly events: RunEvent[] = [];
  private readonly unknown = new Set<string>();
  /**
   * Where steps that follow one another lie, until their chunk is left: the latest that can be read becomes an event when
   * somebody needs it.
   */
  private readonly steps: { readonly bytes: Buffer; readonly start: number; readonly end: number }[] = [];
  private number = 0;
  /** A broken line that nobody has to hear of where a resumed run follows: a kill tore it. */
  private torn: number | undefined;

  constructor(
    private readonly file: string,
    private readonly problems: RunProblem[],
    private readonly options: ReadOptions,
  ) {}

  async read(handle: FileHandle): Promise<ReadEvents> {
    const { onPart, upTo = Infinity } = this.options;
    const chunk = Buffer.alloc(CHUNK);
    let read = 0;
    try {
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, Math.min(CHUNK, upTo - read), read);
        if (bytesRead === 0) break;
        read += bytesRead;
        this.splitter.each(chunk.subarray(0, bytesRead), (bytes, start, end) => this.line(bytes, start, end));
        this.keepLatestStep();
        if (this.builder.length >= STEPS_A_PART) await onPart?.(this.builder.take());
      }
      this.tellTorn();
    } catch (error) {
      if (!(error instanceof LineTooLong)) throw error;
      const message = t(
        '{0}: {1} after line {2}; the rest was left out',
        this.file,
        error.message,
        this.number,
      );
      this.problems.push({ code: 'EVENT_BROKEN', path: this.file, message });
    }
    await onPart?.(this.builder.take());
    for (const type of this.unknown) {
      const message = asOneLine(
        t('{0}: events of type "{1}" are not known here and were left out', this.file, type),
      );
      this.problems.push({ code: 'EVENT_UNKNOWN', path: this.file, message });
    }
    return { events: this.events, bytes: read - this.splitter.waiting };
  }

  private line(bytes: Buffer, start: number, end: number): void {
    this.number++;
    const { steps = true, onPart } = this.options;
    const latest = onPart !== undefined || steps === 'latest';
    if (isStepLine(bytes, start, end)) {
      if (!latest && !steps) return;
      if (latest && (!onPart || this.stepLines.read(bytes, start, end))) {
        // What was read into columns can be read.
        if (onPart) this.steps.length = 0;
        this.steps.push({ bytes, start, end });
        return this.tellTorn();
      }
    }
    const parsed = parseEventLine(bytes.toString('utf8', start, end));
    if (parsed.is === 'event' && parsed.event.type === 'resumed') this.torn = undefined;
    this.tellTorn();
    if (parsed.is === 'unknown') this.unknown.add(parsed.type);
    else if (parsed.is === 'broken') this.torn = this.number;
    else {
      this.keepLatestStep();
      if (onPart) this.builder.add(parsed.event);
      if (latest) keepLatest(this.events, parsed.event);
      else this.events.push(parsed.event);
    }
  }

  private keepLatestStep(): void {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const parsed = parseEventLine(step.bytes.toString('utf8', step.start, step.end));
      if (parsed.is !== 'event') continue;
      keepLatest(this.events, parsed.event);
      this.steps.length = 0;
    }
  }

  private tellTorn(): void {
    if (this.torn === undefined) return;
    const message = t('{0}: line {1} is no event; it was left out', this.file, this.torn);
    this.problems.push({ code: 'EVENT_BROKEN', path: this.file, message });
    this.torn = undefined;
  }
}

export function missing(file: string): RunProblem {
  return { code: 'FILE_MISSING', path: file, message: t('{0}: the file is missing', file) };
}
