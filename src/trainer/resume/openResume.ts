import path from 'node:path';
import { Failure } from '../../core/failure';
import type { Plan } from '../../core/plan/plan';
import { parsePlan } from '../../core/plan/parsePlan';
import { readJsonFile } from '../../formats/jsonFile';
import { readPlan } from '../../formats/planFile';
import { readRecipe } from '../../formats/recipeFile';
import type { TrainRequest } from '../../protocol/trainer';
import { RUN_FILES } from '../../runs/runFolder';
import { readRunInputs, type RunInputs } from '../../runs/runInputs';
import { readRun } from '../../runs/runReader';
import { newestCheckpoint, type OpenCheckpoint } from '../checkpoint/readCheckpoint';
import { withLastEpochs } from '../../runs/runLength';
import { isExhausted } from '../../core/run/improvement';
import { differences } from './differences';
import { t } from '../../l10n/translate';

/** A run that may go on: as it was started, and where from. */
export interface Resumable {
  readonly folder: string;
  readonly plan: Plan;
  readonly inputs: RunInputs;
  readonly checkpoint: OpenCheckpoint;
  /** How many epochs its last phase has now, where it is to be trained longer. */
  readonly lastEpochs?: number;
  /** What was wrong with newer checkpoints. */
  readonly passedOver: readonly Failure[];
  /** When its last event was told, in milliseconds since 1970 UTC; nothing where it has told of none. */
  readonly lastTime: number | undefined;
}

/**
 * Opens a run to go on with it. Its model and its data are compared when they are open.
 * @throws Failure of kind `input`: `RUN_ALIVE`, `RUN_FINISHED` unless it is to be trained longer, `NO_CHECKPOINT`, `RESUME_CHANGED` with all that is not
 * what it was
 */
export async function openResume(folder: string, request: TrainRequest): Promise<Resumable> {
  const { status, events } = await readRun(folder, { steps: 'latest' });
  if (status === 'running' || status === 'starting') {
    throw cannot(
      'RUN_ALIVE',
      folder,
      t('its process is still at work, expected one that has ended; stop it first'),
    );
  }
  if (status === 'finished' && request.longer === undefined) {
    throw cannot(
      'RUN_FINISHED',
      folder,
      t('it came to its end, expected one that was interrupted; nothing is left to do but to train longer'),
    );
  }
  const inputs = await readRunInputs(folder);
  const { checkpoint, passedOver } = await newestCheckpoint(folder);
  const file = path.join(folder, RUN_FILES.plan);
  const changed = differences(parsePlan(await readJsonFile(file)), inputs.plan).map(inPlan);
  const plan = await readPlan(file);
  if (path.resolve(request.plan) !== path.resolve(file)) {
    changed.push(...(await changesOfPlan(await readPlan(request.plan), plan)));
  }
  if (request.engine !== undefined && request.engine !== inputs.engine) {
    changed.push(t('engine: found {0}, expected {1}', request.engine, inputs.engine));
  }
  refuseChanges(folder, changed);
  const opened = { folder, plan, inputs, checkpoint, passedOver, lastTime: events.at(-1)?.time };
  return request.longer === undefined ? opened : lengthen(opened, request.longer);
}

/**
 * The run with more epochs in its last phase. One that ended early counts as it ended, and its patience begins anew, since
 * it would end at once.
 */
function lengthen(run: Resumable, longer: number): Resumable {
  const { plan, checkpoint } = run;
  const { state } = checkpoint;
  const { stopping } = state;
  const exhausted = plan.earlyStopping && isExhausted(stopping, plan.earlyStopping.patience);
  const endedEarly = exhausted === true && state.phase === plan.phases.length - 1;
  const lastEpochs = (endedEarly ? state.phaseEpochs : (plan.phases.at(-1)?.epochs ?? 0)) + longer;
  const patient = endedEarly && stopping ? { stopping: { ...stopping, wait: 0 } } : {};
  return {
    ...run,
    plan: withLastEpochs(plan, lastEpochs),
    checkpoint: { ...checkpoint, state: { ...state, ...patient } },
    lastEpochs,
  };
}

/** @throws Failure of kind `input` (`RESUME_CHANGED`) where anything is not what it was when the run began */
export function refuseChanges(folder: string, changes: readonly string[]): void {
  if (changes.length === 0) return;
  const shown = changes.slice(0, MOST_SHOWN).join('; ');
  const message =
    changes.length > MOST_SHOWN
      ? t(
          'not all is as it was when the run began: {0}; and {1} more; put it back, or start the plan anew',
          shown,
          changes.length - MOST_SHOWN,
        )
      : t('not all is as it was when the run began: {0}; put it back, or start the plan anew', shown);
  throw cannot('RESUME_CHANGED', folder, message);
}

/** Changes that one line names. */
const MOST_SHOWN = 5;

function cannot(code: string, folder: string, message: string): Failure {
  return new Failure('input', code, t('{0}: the run cannot be resumed: {1}', folder, message), {
    path: folder,
  });
}

const inPlan = (difference: string) => t('plan, {0}', difference);

/** Both with absolute paths; the recipe of a run is a copy, and the engine is the run's own. */
async function changesOfPlan(found: Plan, expected: Plan): Promise<readonly string[]> {
  const comparable = (plan: Plan) => ({
    ...plan,
    ...{ engine: undefined, version: undefined },
    recipe: plan.recipe === undefined ? t('none') : t('its own'),
  });
  const changes = differences(comparable(found), comparable(expected)).map(inPlan);
  if (found.recipe === undefined || expected.recipe === undefined) return changes;
  const own = { ...(await readRecipe(found.recipe)), base: undefined };
  const kept = { ...(await readRecipe(expected.recipe)), base: undefined };
  return [...changes, ...differences(own, kept).map((difference) => t('recipe, {0}', difference))];
}
