import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { planSchema, type Plan } from '../core/plan/plan';
import type { RunEvent, RunStatus } from '../core/run/events';
import { recipeSchema, type Recipe } from '../core/surgery/recipe';
import { LONGEST_EVENT_LINE, parseEventLine } from './eventLine';
import { LineSplitter, LineTooLong } from './lineSplitter';
import { parseRunFolderName, RUN_FILES } from './runFolder';
import { isAlive, readRunProcess, type RunProcess } from './runProcess';

/** Something in a run folder that is missing or not as it should be; the rest is read all the same. */
export interface RunProblem {
  readonly code: 'FILE_MISSING' | 'FILE_BROKEN' | 'FILE_NEWER' | 'EVENT_BROKEN' | 'EVENT_UNKNOWN';
  readonly path: string;
  readonly message: string;
}

export interface RunRecord {
  readonly folder: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  readonly plan?: Plan;
  readonly recipe?: Recipe;
  readonly process?: RunProcess;
  readonly events: readonly RunEvent[];
  /** Where the last whole line of `events.jsonl` ended: a tail goes on from here. */
  readonly bytes: number;
  readonly problems: readonly RunProblem[];
}

const CHUNK = 1024 * 1024;

/** Of plans and recipes. */
const NEWEST_VERSION = 2;

/** How a step's line begins, as `formatEventLine` writes it. */
const STEP = '{"type":"step"';

export interface ReadOptions {
  /** Whether steps are read: they are nearly all of a long run, and a list of runs has no use for them. */
  readonly steps?: boolean;
}

/**
 * Reads a run folder as far as it can be read: a torn last line is not yet an event, an unknown event is skipped, and
 * what is missing or broken is a problem in the answer.
 * @throws Failure of kind `input` where there is no such folder
 */
export async function readRun(folder: string, { steps = true }: ReadOptions = {}): Promise<RunRecord> {
  await requireFolder(folder);
  const problems: RunProblem[] = [];
  // Asked before the events are read: a process that ended in between has written its `end` by then.
  const runProcess = await readRunProcess(folder);
  const alive = runProcess !== undefined && (await isAlive(runProcess));
  if (!runProcess) problems.push(missing(path.join(folder, RUN_FILES.process)));
  const { events, bytes } = await readEvents(folder, problems, steps);
  const plan = await readJson(path.join(folder, RUN_FILES.plan), planSchema, problems);
  const recipe = plan?.recipe
    ? await readJson(path.join(folder, RUN_FILES.recipe), recipeSchema, problems)
    : undefined;
  return {
    folder,
    ...nameAndTime(folder, events[0], runProcess),
    status: statusOf(events[0], events.at(-1), alive),
    ...(plan && { plan }),
    ...(recipe && { recipe }),
    ...(runProcess && { process: runProcess }),
    events,
    bytes,
    problems,
  };
}

/** @param alive whether the process was there before these events were read */
export function statusOf(first: RunEvent | undefined, last: RunEvent | undefined, alive: boolean): RunStatus {
  if (last?.type === 'end') return last.status;
  if (!alive) return 'lost';
  return first ? 'running' : 'starting';
}

/** From the `start` event where there is one, else from the folder's name. */
export function nameAndTime(
  folder: string,
  first: RunEvent | undefined,
  runProcess: RunProcess | undefined,
): { name: string; startedAt: number } {
  if (first?.type === 'start') return { name: first.name, startedAt: first.time };
  const parsed = parseRunFolderName(folder);
  return {
    name: parsed?.name ?? path.basename(folder),
    startedAt: parsed?.startedAt ?? runProcess?.startedAt ?? 0,
  };
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new Failure(
    'input',
    'RUN_MISSING',
    `${folder}: ${found ? 'a file' : 'nothing there'}, expected the folder of a run`,
    { path: folder },
  );
}

async function readEvents(
  folder: string,
  problems: RunProblem[],
  steps: boolean,
): Promise<{ events: readonly RunEvent[]; bytes: number }> {
  const file = path.join(folder, RUN_FILES.events);
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) {
    problems.push(missing(file));
    return { events: [], bytes: 0 };
  }
  const events: RunEvent[] = [];
  const splitter = new LineSplitter(LONGEST_EVENT_LINE);
  const unknown = new Set<string>();
  /** A broken line that nobody has to hear of where a resumed run follows: a kill tore it. */
  let torn: number | undefined;
  const tellTorn = () => {
    if (torn === undefined) return;
    const message = `${file}: line ${torn} is no event; it was left out`;
    problems.push({ code: 'EVENT_BROKEN', path: file, message });
    torn = undefined;
  };
  let read = 0;
  let number = 0;
  try {
    const chunk = new Uint8Array(CHUNK);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, read);
      if (bytesRead === 0) break;
      read += bytesRead;
      for (const line of splitter.push(chunk.subarray(0, bytesRead))) {
        number++;
        if (!steps && line.startsWith(STEP)) continue;
        const parsed = parseEventLine(line);
        if (parsed.is === 'event' && parsed.event.type === 'resumed') torn = undefined;
        tellTorn();
        if (parsed.is === 'event') events.push(parsed.event);
        else if (parsed.is === 'unknown') unknown.add(parsed.type);
        else torn = number;
      }
    }
    tellTorn();
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    problems.push({
      code: 'EVENT_BROKEN',
      path: file,
      message: `${file}: ${error.message} after line ${number}; the rest was left out`,
    });
  } finally {
    await handle.close();
  }
  for (const type of unknown) {
    problems.push({
      code: 'EVENT_UNKNOWN',
      path: file,
      message: `${file}: events of type "${type}" are not known here and were left out`,
    });
  }
  return { events, bytes: read - splitter.waiting };
}

async function readJson<T>(
  file: string,
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  problems: RunProblem[],
): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    problems.push(missing(file));
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const version = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined;
  if (typeof version === 'number' && version > NEWEST_VERSION) {
    const message = `${file}: found version ${version}, expected at most ${NEWEST_VERSION}; a newer Model Surgery wrote it, update this one`;
    problems.push({ code: 'FILE_NEWER', path: file, message });
    return undefined;
  }
  problems.push({ code: 'FILE_BROKEN', path: file, message: `${file}: not what a run writes there` });
  return undefined;
}

function missing(file: string): RunProblem {
  return { code: 'FILE_MISSING', path: file, message: `${file}: the file is missing` };
}
