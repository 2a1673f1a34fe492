import { randomUUID } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { withDataPaths } from '../core/plan/dataPaths';
import type { Plan } from '../core/plan/plan';
import type { RunEvent } from '../core/run/events';
import { withDonorPaths } from '../core/surgery/donors';
import type { Recipe } from '../core/surgery/recipe';
import { formatEventLine } from './eventLine';
import { RUN_FILES, runFolderName } from './runFolder';
import type { RunInputs } from './runInputs';
import { currentProcess } from './runProcess';
import { t } from '../l10n/translate';

export interface NewRun {
  /** Absolute path of the folder that holds the runs; made where it is missing. */
  readonly out: string;
  readonly name: string;
  /** Its paths absolute. Written relative to the run folder, so that the workspace can move. */
  readonly plan: Plan;
  /** Its base's path absolute. */
  readonly recipe?: Recipe;
}

/** What waits for room on a full disk: hours of events. A log that is longer behind is given up. */
const MOST_WAITING = 16 * 1024 * 1024;

/** More runs of one name in one second than anybody starts. */
const MOST_NAMESAKES = 100;

/**
 * Writes a run folder. Every event is one `write` of one whole line to a file opened for appending: the kernel has it
 * when `append` returns, and a kill at any byte costs the torn line at most.
 */
export class RunWriter {
  /** Of events that a full disk has not taken yet: the rest of a line, then whole lines. */
  private waiting = Buffer.alloc(0);

  private constructor(
    readonly folder: string,
    private readonly events: number,
    private readonly logFile: number,
  ) {}

  /** @throws Failure of kind `work` when the folder cannot be written */
  static async create(run: NewRun): Promise<RunWriter> {
    try {
      await mkdir(run.out, { recursive: true });
      await removeTorn(run.out);
      const beside = path.join(run.out, `.${randomUUID()}${TORN}`);
      try {
        await mkdir(beside);
        const write = (name: string, value: unknown) =>
          writeFile(path.join(beside, name), `${JSON.stringify(value, null, 2)}\n`);
        await write(RUN_FILES.process, await currentProcess());
        await write(RUN_FILES.plan, relativePlan(run.plan, run.recipe !== undefined, beside));
        if (run.recipe) await write(RUN_FILES.recipe, relativeRecipe(run.recipe, beside));
        await writeFile(path.join(beside, RUN_FILES.events), '');
        return RunWriter.open(await giveName(beside, run.out, run.name));
      } finally {
        await rm(beside, { recursive: true, force: true });
      }
    } catch (error) {
      throw cannotWrite(run.out, error);
    }
  }

  /**
   * Goes on with the folder of a run that was interrupted. An event that its end tore stays as it is, on a line of its own.
   * @throws Failure of kind `work` when the folder cannot be written
   */
  static async resume(folder: string): Promise<RunWriter> {
    try {
      const file = path.join(folder, RUN_FILES.process);
      await writeFile(`${file}.part`, `${JSON.stringify(await currentProcess(), null, 2)}\n`);
      await rename(`${file}.part`, file);
      const writer = RunWriter.open(folder);
      if (!(await endsWithLine(path.join(folder, RUN_FILES.events)))) writeSync(writer.events, '\n');
      return writer;
    } catch (error) {
      throw cannotWrite(folder, error);
    }
  }

  private static open(folder: string): RunWriter {
    return new RunWriter(
      folder,
      openSync(path.join(folder, RUN_FILES.events), 'a'),
      openSync(path.join(folder, RUN_FILES.log), 'a'),
    );
  }

  /** Writes what a resumed run must find unchanged. @throws Failure of kind `work` when the disk refuses */
  async writeInputs(inputs: RunInputs): Promise<void> {
    const file = path.join(this.folder, RUN_FILES.inputs);
    try {
      await writeFile(file, `${JSON.stringify(inputs)}\n`);
    } catch (error) {
      throw cannotWrite(file, error);
    }
  }

  /**
   * On a full disk the event waits for the next one to try again.
   * @throws Failure of kind `work` when the disk refuses otherwise, or for too long
   */
  append(event: RunEvent): void {
    this.waiting = Buffer.concat([this.waiting, Buffer.from(formatEventLine(event))]);
    try {
      while (this.waiting.length > 0) {
        this.waiting = this.waiting.subarray(writeSync(this.events, this.waiting));
      }
    } catch (error) {
      if (isFull(error) && event.type !== 'end' && this.waiting.length < MOST_WAITING) return;
      throw cannotWrite(path.join(this.folder, RUN_FILES.events), error);
    }
  }

  /** A line for people, with its time. A log that cannot be written stops nothing. */
  log(line: string): void {
    try {
      writeSync(this.logFile, `${new Date().toISOString()} ${line}\n`);
    } catch {
      return;
    }
  }

  close(): void {
    closeSync(this.events);
    closeSync(this.logFile);
  }
}

/** The end of the name of a run's folder that is being made. */
const TORN = '.part';
/** What is made is some files of a few kilobytes; what is older, a kill has left. */
const TORN_MS = 60_000;

/** What a kill left of runs that were being made. */
async function removeTorn(out: string): Promise<void> {
  for (const name of await readdir(out)) {
    if (!name.startsWith('.') || !name.endsWith(TORN)) continue;
    const folder = path.join(out, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > TORN_MS) await rm(folder, { recursive: true, force: true });
  }
}

/** A run's folder has its first files when it has its name: a kill leaves none that cannot be read. */
async function giveName(beside: string, out: string, name: string): Promise<string> {
  const base = path.join(out, runFolderName(Date.now(), name));
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? base : `${base}-${attempt}`;
    try {
      // Systems differ in what they rename over: an empty folder may be somebody's own.
      if (await stat(folder).catch(() => undefined)) throw taken(folder);
      await rename(beside, folder);
      return folder;
    } catch (error) {
      if (!isTaken(error) || attempt === MOST_NAMESAKES) throw error;
    }
  }
}

function taken(folder: string): Error {
  return Object.assign(new Error(`EEXIST: ${folder} is there already`), { code: 'EEXIST' });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOTEMPTY');
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Whether a file's last byte ends a line; an empty or missing one tore none. */
async function endsWithLine(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) return true;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] === NEWLINE;
  } finally {
    await handle.close();
  }
}

const NEWLINE = 0x0a;

function cannotWrite(where: string, cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure('work', 'RUN_WRITE', t('{0}: the run cannot be written: {1}', where, reason), {
    path: where,
    cause,
  });
}

/** As the plan would stand in the run folder: `train <run>/plan.json` does the same again. */
function relativePlan(plan: Plan, hasRecipe: boolean, folder: string): Plan {
  const from = (file: string) => relativePath(folder, file);
  return {
    ...plan,
    model: from(plan.model),
    recipe: hasRecipe ? RUN_FILES.recipe : undefined,
    data: withDataPaths(plan.data, from),
    out: from(plan.out),
  };
}

function relativeRecipe(recipe: Recipe, folder: string): Recipe {
  const operations = withDonorPaths(recipe.operations, (donor) => relativePath(folder, donor));
  const moved = { ...recipe, operations };
  if (!moved.base) return moved;
  return { ...moved, base: { ...moved.base, path: relativePath(folder, moved.base.path) } };
}

/** With `/` everywhere, so that a run can be read on another system; absolute where drives differ. */
function relativePath(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
}
