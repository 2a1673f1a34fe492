import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OWN_FAULT, type FileDone, type Find, type FromChild, type Stretch } from './messages';

/** Of the processor: a file of some kilobytes is read in milliseconds, on a busy machine too. */
export const FILE_MS = 5_000;

/** By the clock: a file that waits for what never comes needs no processor. */
const WAIT_MS = 90_000;

/** The child loads HDF5 and an image decoder, and reads the whole corpus, maybe beside other programs. */
const START_MS = 120_000;

export const MOST_BYTES = 512 * 2 ** 20;

/** How often time and memory are looked at. */
const WATCH_MS = 100;

const PAGE_BYTES = 4096;

/** How a stretch ended before its end. */
export interface Ended extends Find {
  /** The number of the file that was being read. */
  readonly at: number;
}

/** A child that reads damaged files; a new one where the last was ended. */
export class Reader {
  private readonly work = mkdtempSync(path.join(scratch(), 'model-surgery-fuzz-'));
  private child?: ChildProcess;
  private output = '';

  /**
   * @param script the built `child.ts`
   * @param fixtures the folder of good files
   */
  constructor(
    private readonly script: string,
    private readonly fixtures: string,
  ) {}

  /** Reads a stretch until its end, or until a file ends the child. @returns how, in the latter case */
  async read(stretch: Stretch, receive: (done: FileDone) => void): Promise<Ended | undefined> {
    if (stretch.from >= stretch.to) return undefined;
    const child = this.child ?? (await this.start());
    return new Promise((resolve, reject) => {
      let at = stretch.from;
      // The first file waits for the corpus, whose time is not its own.
      let startedAt = Number.POSITIVE_INFINITY;
      let deadline = Date.now() + START_MS;
      const settle = (ended?: Omit<Ended, 'at'>) => {
        clearInterval(watch);
        child.off('message', hear);
        child.off('exit', exit);
        if (ended) this.stop();
        resolve(ended && { ...ended, at });
      };
      const hear = (message: FromChild) => {
        startedAt = processorMs(child);
        deadline = Date.now() + WAIT_MS;
        if (message.type !== 'done') return;
        if (message.peakBytes > MOST_BYTES)
          return settle({ kind: 'memory', text: showPeak(message.peakBytes) });
        receive(message);
        at = message.at + 1;
        if (at === stretch.to) settle();
      };
      const exit = (code: number | null, signal: string | null) => {
        const text = `${signal ?? code}: ${this.output.slice(-2000)}`;
        if (code === OWN_FAULT) reject(new Error(text));
        settle({ kind: 'crash', text });
      };
      const watch = setInterval(() => {
        const bytes = residentBytes(child);
        if (bytes > MOST_BYTES) settle({ kind: 'memory', text: showPeak(bytes) });
        else if (processorMs(child) - startedAt > FILE_MS)
          settle({ kind: 'hang', text: `computes for ${FILE_MS} ms` });
        else if (Date.now() > deadline) settle({ kind: 'hang', text: `waits for ${WAIT_MS} ms` });
      }, WATCH_MS);
      child.on('message', hear);
      child.on('exit', exit);
      child.send(stretch);
    });
  }

  close(): void {
    this.stop();
    rmSync(this.work, { recursive: true, force: true });
  }

  private async start(): Promise<ChildProcess> {
    this.output = '';
    const child = fork(this.script, [this.fixtures, this.work], {
      execArgv: [`--max-old-space-size=${MOST_BYTES / 2 ** 20}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    const keep = (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-10_000));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the reader ended with ${code}: ${this.output}`)));
    });
    return child;
  }

  private stop(): void {
    this.child?.kill('SIGKILL');
    delete this.child;
  }
}

/** In memory where Linux has such a place: a disk would take longer to make a file than we to read it. */
function scratch(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** As Linux tells it; elsewhere the child's own figures are all there is. */
function residentBytes({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

/** What a process has had of the processors, in ms; nothing where Linux does not tell. */
function processorMs({ pid }: ChildProcess): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name in brackets, which may hold anything, the twelfth and thirteenth field: in hundredths of a second.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}

function showPeak(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB resident`;
}
