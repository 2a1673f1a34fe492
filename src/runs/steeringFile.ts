import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Failure } from '../core/failure';
import type { RunMessage, StopMessage } from '../core/run/steering';
import { RUN_FILES } from './runFolder';
import { t } from '../l10n/translate';

/** What may be asked of a run through its folder. */
export type SteeringMessage = RunMessage | StopMessage;

/** Of each line of `steering.jsonl`: who asks twice for the same thing says the same id. */
const askSchema = z.object({ id: z.string().min(1).max(64), time: z.number() });

/** What the line asks for. */
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('saveCheckpoint') }),
  z.object({ type: z.literal('setLearningRate'), learningRate: z.number() }),
  z.object({ type: z.literal('stop'), keepBest: z.boolean().optional() }),
]) satisfies z.ZodType<SteeringMessage>;

/** A message is some hundred bytes; a longer line is none. */
const LONGEST_LINE = 1024;
/** Read of one look: hundreds of messages, more than people ask for between two looks. Of more, the newest count. */
const MOST_AT_ONCE = 64 * 1024;
/** Ids remembered to hear nothing twice. */
const MOST_IDS = 1000;
const NEWLINE = 0x0a;

/**
 * Asks a run for something through its folder, whoever has started it: one appended line, which the run's process hears
 * before its next step and answers with an event.
 *
 * @throws Failure of kind `work` (`RUN_DEAF`) where the folder has no such file, which the process makes: it hears nobody
 * there; or where it cannot be written to
 */
export async function askRun(folder: string, message: SteeringMessage): Promise<void> {
  const file = path.join(folder, RUN_FILES.steering);
  // An empty line first ends one that somebody else's end has torn.
  const line = `\n${JSON.stringify({ id: randomUUID(), time: Date.now(), ...message })}\n`;
  try {
    // Never made here: only a process that hears makes it.
    const handle = await open(file, constants.O_WRONLY | constants.O_APPEND);
    try {
      await handle.write(line);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'work',
      'RUN_DEAF',
      t('{0}: the run cannot be asked: {1}; it can still be stopped, and resumed then', file, reason),
      { path: file, cause },
    );
  }
}

/** Hears what is asked of a run in its folder, from its opening on: what was asked of an earlier process is no concern. */
export class SteeringFile {
  private at: number;
  private rest = '';
  /** Inside a line that is too long, or one whose beginning was passed over. */
  private skipping = false;
  private readonly heard = new Set<string>();

  private constructor(private readonly file: number) {
    this.at = fstatSync(file).size;
    this.skipping = this.at > 0 && !this.endsWithLine();
  }

  /** Makes the file where it is missing. @throws where the system refuses */
  static open(folder: string): SteeringFile {
    return new SteeringFile(openSync(path.join(folder, RUN_FILES.steering), 'a+'));
  }

  /**
   * What was asked since the last look, in order. Looking costs one question to the file system where nothing was asked,
   * and a bounded read otherwise, whatever is in the file: what is no message is passed over.
   */
  look(): readonly SteeringMessage[] {
    const { size } = fstatSync(this.file);
    // Cut short by somebody: what is asked from here on counts.
    if (size < this.at) this.jump(size);
    if (size === this.at) return [];
    if (size - this.at > MOST_AT_ONCE) this.jump(size - MOST_AT_ONCE);
    const chunk = Buffer.alloc(size - this.at);
    const bytes = readSync(this.file, chunk, 0, chunk.length, this.at);
    this.at += bytes;
    // Messages are ASCII, so no character is cut in two.
    return this.linesOf(chunk.toString('latin1', 0, bytes)).flatMap((line) => this.messageOf(line));
  }

  close(): void {
    closeSync(this.file);
  }

  private jump(to: number): void {
    this.at = to;
    this.rest = '';
    this.skipping = to > 0;
  }

  /** The whole lines among what was read; the last one may be half written. */
  private linesOf(text: string): readonly string[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.skipping && lines.shift() !== undefined) this.skipping = false;
    if (this.skipping || this.rest.length > LONGEST_LINE) {
      this.skipping = true;
      this.rest = '';
    }
    return lines.filter((line) => line !== '' && line.length <= LONGEST_LINE);
  }

  private messageOf(line: string): readonly SteeringMessage[] {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return [];
    }
    const [ask, message] = [askSchema.safeParse(value), messageSchema.safeParse(value)];
    if (!ask.success || !message.success || this.heard.has(ask.data.id)) return [];
    if (this.heard.size === MOST_IDS) this.heard.clear();
    this.heard.add(ask.data.id);
    return [message.data];
  }

  private endsWithLine(): boolean {
    const last = Buffer.alloc(1);
    readSync(this.file, last, 0, 1, this.at - 1);
    return last[0] === NEWLINE;
  }
}
