import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '../core/failure';
import { batchNormalizationPolicy } from '../core/freeze/batchNormalization';
import { stageSweep, type SweepStep } from '../core/freeze/sweep';
import type { Plan } from '../core/plan/plan';
import { showFreezeSet } from '../core/run/compare';
import { nameOfModel, openOperated, refuseFaults, refuseOpaque } from '../formats/operatedModel';
import { writePlan } from '../formats/planFile';
import { currentProcess } from './runProcess';
import { writeSweep } from './sweepFile';
import { endSweep, type SweptRun } from './unfinishedSweep';
import { t } from '../l10n/translate';

/** A series of runs that differ in their freeze set alone. */
export interface Sweep {
  /** The same in all runs of the series. */
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  /** From all frozen to nothing frozen; at least two. */
  readonly steps: readonly SweepStep[];
}

/**
 * @throws Failure of kind `input` where the model cannot be trained, or has one freeze set only
 */
export async function sweepOf(plan: Plan): Promise<Sweep> {
  const model = await openOperated(plan.model, plan.recipe);
  refuseFaults(model);
  refuseOpaque(model);
  const { graph, inference, recipe } = model;
  const policy = batchNormalizationPolicy(recipe?.freeze ?? []);
  const steps = stageSweep(graph, inference, model.refreeze, policy);
  const name = plan.name ?? nameOfModel(plan.model);
  if (steps.length > 1) return { id: `${new Date().toISOString()} ${name}`, name, plan, steps };
  throw new Failure(
    'input',
    'SWEEP_STAGES',
    steps.length === 0
      ? t(
          '{0}: found nothing to train, expected a model with stages of weights and a head; train it with phases of other freeze rules',
          plan.model,
        )
      : t(
          '{0}: found one way to freeze its stages, expected a model with stages of weights and a head; train it with phases of other freeze rules',
          plan.model,
        ),
    { path: plan.model },
  );
}

/** What a run of a series freezes and trains, in words. */
export function showStep({ rules, frozenLayers, trainableLayers }: SweepStep): string {
  return t(
    '{0}: {1} to train, {2} frozen',
    showFreezeSet(rules),
    count(trainableLayers),
    count(frozenLayers),
  );
}

export interface SweepRunner {
  /** Each run before it starts, from 0. */
  onStep(index: number, step: SweepStep): void;
  /**
   * Trains a plan file to its end, and calls `onFolder` once the run has its folder.
   * @returns whether the series goes on
   * @throws Failure where the run fails
   */
  train(plan: string, onFolder: (folder: string) => void): Promise<boolean>;
  /** A run that failed after it had begun; the others are trained all the same. */
  onFailure(failure: Failure): void;
}

export interface SweptRuns {
  /** Of all its runs, in the order in which they were trained. */
  readonly folders: readonly string[];
  /** Whether all were trained, or the series was ended before. */
  readonly complete: boolean;
}

/**
 * Trains the runs of a series, one after the other: each has the machine for itself, and what the one before it kept of
 * features. One that is left before its end goes on where it was, see `unfinishedSweep`.
 *
 * @param begun the runs that it has already, in the order in which they were trained
 * @throws Failure of a run that came not as far as to its folder
 */
export async function runSweep(
  sweep: Sweep,
  runner: SweepRunner,
  begun: readonly SweptRun[] = [],
): Promise<SweptRuns> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'model-surgery-sweep-'));
  const folders = begun.map(({ folder }) => folder);
  const isBegun = new Set(begun.map(({ frozenStages }) => frozenStages));
  try {
    for (const [index, step] of sweep.steps.entries()) {
      if (isBegun.has(step.stages)) continue;
      runner.onStep(index, step);
      const before = folders.length;
      try {
        if (!(await trainStep(sweep, step, scratch, runner, folders))) {
          await endSweep(folders.at(-1));
          return { folders, complete: false };
        }
      } catch (error) {
        if (!(error instanceof Failure) || folders.length === before) throw error;
        // The others are worth having: a freeze set may diverge, or not fit into memory, where others do.
        runner.onFailure(error);
      }
    }
    return { folders, complete: true };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function trainStep(
  { id, name, plan, steps }: Sweep,
  { stages, rules }: SweepStep,
  scratch: string,
  runner: SweepRunner,
  folders: string[],
): Promise<boolean> {
  const file = path.join(scratch, `frozen-${stages}.plan.json`);
  await writePlan(file, {
    ...plan,
    name: `${name}-frozen-${stages}`,
    phases: plan.phases.map((phase) => ({ ...phase, freeze: [...rules] })),
  });
  const series = { name, stages: steps.map((step) => step.stages) };
  const driver = await currentProcess();
  let noted: Promise<void> | undefined;
  return runner
    .train(file, (folder) => {
      folders.push(folder);
      noted = writeSweep(folder, { id, frozenStages: stages, series, driver });
      // Heard of when the run has ended, not as a crash before that.
      noted.catch(() => undefined);
    })
    .finally(() => noted);
}

const count = (layers: number): string => `${layers} ${layers === 1 ? 'layer' : 'layers'}`;
