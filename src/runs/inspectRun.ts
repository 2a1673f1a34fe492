import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { planSchema } from '../core/plan/plan';
import { FAULTS, type RunFault, type RunHealth } from '../core/run/health';
import { readLogEnds, type LogEnds } from './logEnds';
import { resultFiles } from './resultFiles';
import { readRunDocument } from './runDocument';
import { RUN_FILES } from './runFolder';
import { isAlive, readRunProcess } from './runProcess';

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

const PLAN_FAULTS = { missing: 'planMissing', newer: 'planNewer', broken: 'planBroken' } as const;

async function faultOfPlan(file: string): Promise<RunFault | undefined> {
  const { is } = await readRunDocument(file, planSchema);
  return is === 'read' ? undefined : PLAN_FAULTS[is];
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
