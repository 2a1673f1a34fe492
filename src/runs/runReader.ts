import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { planSchema, type Plan } from '../core/plan/plan';
import type { RunEvent, RunStatus } from '../core/run/events';
import { recipeSchema, type Recipe } from '../core/surgery/recipe';
import { missing, readEventLog, type ReadOptions, type RunProblem } from './eventLog';
import { NEWEST_VERSION, readRunDocument } from './runDocument';
import { parseRunFolderName, RUN_FILES } from './runFolder';
import { isAlive, readRunProcess, type RunProcess } from './runProcess';
import { t } from '../l10n/translate';

export type { ReadOptions, RunProblem };

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

/**
 * Reads a run folder as far as it can be read: a torn last line is not yet an event, an unknown event is skipped, and
 * what is missing or broken is a problem in the answer.
 * @throws Failure of kind `input` where there is no such folder
 */
export async function readRun(folder: string, options: ReadOptions = {}): Promise<RunRecord> {
  await requireFolder(folder);
  const problems: RunProblem[] = [];
  // Asked before the events are read: a process that ended in between has written its `end` by then.
  const runProcess = await readRunProcess(folder);
  const alive = runProcess !== undefined && (await isAlive(runProcess));
  if (!runProcess) problems.push(missing(path.join(folder, RUN_FILES.process)));
  const { events, bytes } = await readEventLog(path.join(folder, RUN_FILES.events), problems, options);
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
    found
      ? t('{0}: a file, expected the folder of a run', folder)
      : t('{0}: nothing there, expected the folder of a run', folder),
    { path: folder },
  );
}

async function readJson<T>(
  file: string,
  schema: Parameters<typeof readRunDocument<T>>[1],
  problems: RunProblem[],
): Promise<T | undefined> {
  const found = await readRunDocument(file, schema);
  switch (found.is) {
    case 'read':
      return found.value;
    case 'missing':
      problems.push(missing(file));
      return undefined;
    case 'newer': {
      const message = t(
        '{0}: found version {1}, expected at most {2}; a newer Model Surgery wrote it, update this one',
        file,
        found.version,
        NEWEST_VERSION,
      );
      problems.push({ code: 'FILE_NEWER', path: file, message });
      return undefined;
    }
    case 'broken':
      problems.push({
        code: 'FILE_BROKEN',
        path: file,
        message: t('{0}: not what a run writes there', file),
      });
      return undefined;
  }
}
