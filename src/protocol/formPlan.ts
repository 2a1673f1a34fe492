import { measuredMonitor } from '../core/plan/monitor';
import { firstStagesFrozen } from '../core/freeze/stages';
import { checkPlan } from '../core/plan/parsePlan';
import type { PlanInput } from '../core/plan/plan';
import type { TrainingForm } from './editor';
import { stagesLeftFrozen } from './stageCount';

type PhaseInput = PlanInput['phases'][number];

/** Nesterov momentum with this factor is the field's habit for SGD; the form does not ask for it. */
const MOMENTUM = 0.9;

/**
 * What a training form says in a plan's words: all of the plan but the model and its place.
 *
 * @param stages how many the model has, after its recipe
 */
export function planOfForm(form: TrainingForm, stages: number): Omit<PlanInput, 'model'> {
  const { earlyStopping, checkpoint, labelSmoothing = 0, classWeights, cacheFeatures = 'auto' } = form;
  return {
    version: 2,
    data: {
      kind: 'images',
      train: form.dataFolder,
      validation: form.validation,
      preprocess: form.preprocess,
      ...augmentOf(form),
    },
    phases: [firstPhase(form), ...secondPhase(form, stages)],
    batchSize: form.batchSize,
    seed: form.seed,
    ...(labelSmoothing !== 0 && { labelSmoothing }),
    ...(classWeights && { classWeights }),
    ...(earlyStopping && { earlyStopping: watching(earlyStopping, form) }),
    ...(checkpoint && { checkpoint }),
    ...(cacheFeatures !== 'auto' && { cacheFeatures }),
  };
}

/** All that is wrong with the plan that a form means; null where nothing is. */
export function formProblem(form: TrainingForm, stages: number): string | null {
  // Any model: a plan's words do not depend on it.
  return checkPlan({ ...planOfForm(form, stages), model: 'model' }).findings?.join('; ') ?? null;
}

function firstPhase(form: TrainingForm): PhaseInput {
  return {
    epochs: form.epochs,
    optimizer: optimizerOf(form.optimizer, form.learningRate),
    ...scheduleOf(form),
    ...(form.batchNorm === 'inference' && { batchNorm: form.batchNorm }),
  };
}

/** Keras's usual second step: all is unfrozen, then the first stages are frozen again; statistics stay as they are. */
function secondPhase(form: TrainingForm, stages: number): readonly PhaseInput[] {
  if (!form.fineTune) return [];
  const { epochs, learningRate, stages: unfrozen } = form.fineTune;
  const first = stagesLeftFrozen(stages, unfrozen);
  return [
    {
      epochs,
      optimizer: optimizerOf(form.optimizer, learningRate),
      ...scheduleOf(form),
      freeze: [...firstStagesFrozen(first)],
      batchNorm: 'inference',
    },
  ];
}

function optimizerOf(kind: TrainingForm['optimizer'], learningRate: number): PhaseInput['optimizer'] {
  return kind === 'sgd' ? { kind, learningRate, momentum: MOMENTUM, nesterov: true } : { kind, learningRate };
}

function scheduleOf(form: TrainingForm): Pick<PhaseInput, 'schedule'> {
  const { schedule } = form;
  if (!schedule) return {};
  return { schedule: schedule.kind === 'reduceOnPlateau' ? watching(schedule, form) : schedule };
}

/** What watches the validation, if only by default, watches the training where there is none. */
function watching<W extends { readonly monitor?: string | undefined }>(watcher: W, form: TrainingForm): W {
  return { ...watcher, monitor: measuredMonitor(watcher.monitor ?? 'val_loss', form.validation > 0) };
}

/** Left out where it changes nothing. */
function augmentOf({ augment = {} }: TrainingForm): Pick<TrainingForm, 'augment'> {
  const changes = Object.values(augment).some((value) => value !== undefined && value !== 0);
  return changes ? { augment } : {};
}
