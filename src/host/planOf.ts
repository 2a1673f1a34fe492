import path from 'node:path';
import type { PlanInput } from '../core/plan/plan';
import type { TrainingForm } from '../protocol/editor';
import { relativeTo } from './siblingFiles';

export interface PlanSource {
  readonly planPath: string;
  readonly modelPath: string;
  /** Left out where the model is trained as it is. */
  readonly recipePath?: string;
  readonly form: TrainingForm;
}

/** Nesterov momentum with this factor is the field's habit for SGD; the form does not ask for it. */
const MOMENTUM = 0.9;

/** The plan that a training form means, with paths relative to the plan's file. */
export function planOf({ planPath, modelPath, recipePath, form }: PlanSource): PlanInput {
  const relative = (file: string) => relativeTo(path.dirname(planPath), file);
  return {
    version: 1,
    name: path.basename(planPath, '.plan.json'),
    model: relative(modelPath),
    ...(recipePath !== undefined && { recipe: relative(recipePath) }),
    data: {
      kind: 'images',
      train: relative(form.dataFolder),
      validation: form.validation,
      preprocess: form.preprocess,
    },
    phases: [{ epochs: form.epochs, optimizer: optimizerOf(form) }],
    batchSize: form.batchSize,
    seed: form.seed,
    out: 'runs',
  };
}

function optimizerOf({ optimizer, learningRate }: TrainingForm): PlanInput['phases'][number]['optimizer'] {
  return optimizer === 'sgd'
    ? { kind: 'sgd', learningRate, momentum: MOMENTUM, nesterov: true }
    : { kind: 'adam', learningRate };
}
