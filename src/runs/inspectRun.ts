import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { planSchema } from '../core/plan/plan';
import { FAULTS, type RunFault, type RunHealth } from '../core/run/health';
import { readLogEnds, type LogEnds } from './logEnds';
import { resultFiles } from './resultFiles';
import { RUN_FILES } from './runFolder';
import { isAlive, readRunProcess } from './runProcess';
import { NEWEST_VERSION } from './runReader';

/** What was found out about a run before. */
export interface KnownOfRun {
  /** Of its log; null where there is none. */
  readonly ends: LogEnds | null;
  /** Whether its process runs. */
  readonly alive: boolean;
}

/**
 * Looks at a run's files without reading its log: what is missing, what a newer version wrote, and what can still be done.
 *
 * @param known what need not be asked again
 */
export async function inspectRun(folder: string, known?: KnownOfRun): Promise<RunHealth> {
  if (!(await exists(folder))) {
    return { faults: ['gone'], canResume: false, canTrainAgain: false, hasLog: false };
  }
  const { ends: log, alive } = known ?? (await lookAt(folder));
  const isOver = log?.last?.type === 'end' || !alive;
  const [plan, checkpoints, hasLog, results] = await Promise.all([
    faultOfPlan(path.join(folder, RUN_FILES.plan)),
    readdir(path.join(folder, RUN_FILES.checkpoints)).catch(() => []),
    exists(path.join(folder, RUN_FILES.log)),
    resultFiles(folder, log?.last ? [log.last] : []),
  ]);
  const found: Readonly<Partial<Record<RunFault, boolean>>> = {
    newer: log?.isNewer === true,
    // A run that has just begun has told of nothing either.
    empty: isOver && (log?.isEmpty ?? true),
    ...(plan && { [plan]: true }),
    modelMissing: results.length > 0 && results.every((file) => !file.exists),
    // While it is written, a line is torn for a moment.
    torn: isOver && log?.isTorn === true,
  };
  return {
    faults: FAULTS.filter((fault) => found[fault]),
    canResume: isOver && plan === undefined && checkpoints.length > 0,
    canTrainAgain: isOver && plan === undefined,
    hasLog,
  };
}

async function lookAt(folder: string): Promise<KnownOfRun> {
  // Before the log, for the reason given in `readRun`.
  const runProcess = await readRunProcess(folder);
  const alive = runProcess !== undefined && (await isAlive(runProcess));
  return { ends: await readLogEnds(path.join(folder, RUN_FILES.events)).catch(() => null), alive };
}

async function faultOfPlan(file: string): Promise<RunFault | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return 'planMissing';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'planBroken';
  }
  if (planSchema.safeParse(value).success) return undefined;
  const version = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined;
  return typeof version === 'number' && version > NEWEST_VERSION ? 'planNewer' : 'planBroken';
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
