import path from 'node:path';
import { Failure } from '../core/failure';
import { readPlan } from '../formats/planFile';
import { RUN_FILES } from './runFolder';
import { currentProcess, isAlive, type RunProcess } from './runProcess';
import { readSweep, writeSweep, type RunSweep } from './sweepFile';
import type { Sweep } from './sweepSeries';
import { t } from '../l10n/translate';

/** One run of a series. */
export interface SweptRun {
  readonly folder: string;
  readonly frozenStages: number;
}

/** A series with runs to come: of a window that goes on with it, or was closed or reloaded, or killed. */
export interface UnfinishedSweep {
  readonly id: string;
  readonly name: string;
  /** What each run freezes, in the order in which they are trained. */
  readonly stages: readonly number[];
  /** Those that it has, in that order; the last one may be going on. */
  readonly runs: readonly SweptRun[];
  /** The living process that trains the next one; of a window that is just being reloaded, one that is about to go. */
  readonly driver?: RunProcess;
}

/** What was trained since is what people do now, and a series is a dozen runs. */
const MOST_LOOKED_AT = 50;

/**
 * The series that the newest run is of, where runs of it are still to be trained and people have not ended it.
 * @param runs the folders of runs, newest first
 */
export async function unfinishedSweep(runs: readonly string[]): Promise<UnfinishedSweep | undefined> {
  const [newest] = runs;
  const own = newest === undefined ? undefined : await readSweep(newest);
  if (!own?.series || own.ended) return undefined;
  const { name, stages } = own.series;
  const others = await Promise.all(
    runs.slice(0, MOST_LOOKED_AT).map(async (folder) => ({ folder, sweep: await readSweep(folder) })),
  );
  const members = stages.flatMap((frozenStages): readonly SweptRun[] => {
    // A set that was trained twice counts once.
    const found = others.find(({ sweep }) => sweep?.id === own.id && sweep.frozenStages === frozenStages);
    return found ? [{ folder: found.folder, frozenStages }] : [];
  });
  if (members.length === stages.length) return undefined;
  const driver = own.driver && (await isAlive(own.driver)) ? own.driver : undefined;
  return { id: own.id, name, stages, runs: members, ...(driver && { driver }) };
}

/** Says that this process trains what is left of a series. @throws Failure of kind `work` where a folder cannot be written to */
export async function driveSweep({ runs }: UnfinishedSweep): Promise<void> {
  const driver = await currentProcess();
  await change(runs.at(-1)?.folder, (sweep) => ({ ...sweep, driver }));
}

/** People do not want what is left of a series. @throws Failure of kind `work` where the folder cannot be written to */
export async function endSweep(lastRun: string | undefined): Promise<void> {
  await change(lastRun, ({ driver: _, ...sweep }) => ({ ...sweep, ended: true }));
}

/**
 * A series as it was when it began, from its newest run.
 * @param sweepOf the series that a plan has now
 * @throws Failure of kind `input` where the plan or the model cannot be read any more, or the model has other stages by now
 */
export async function sweepAgain(
  { id, name, stages, runs }: UnfinishedSweep,
  sweepOf: (plan: Sweep['plan']) => Promise<Sweep>,
): Promise<Sweep> {
  const file = path.join(runs.at(-1)?.folder ?? '', RUN_FILES.plan);
  const sweep = await sweepOf({ ...(await readPlan(file)), name });
  const now = sweep.steps.map((step) => step.stages);
  if (now.join() === stages.join()) return { ...sweep, id };
  const message = t(
    '{0}: found a model that can be frozen up to its stages {1}, expected {2} as when the sweep began; sweep the plan once more',
    file,
    now.join(', '),
    stages.join(', '),
  );
  throw new Failure('input', 'SWEEP_CHANGED', message, { path: file });
}

async function change(run: string | undefined, how: (sweep: RunSweep) => RunSweep): Promise<void> {
  const sweep = run === undefined ? undefined : await readSweep(run);
  if (run !== undefined && sweep) await writeSweep(run, how(sweep));
}
