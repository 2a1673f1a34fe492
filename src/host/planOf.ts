import path from 'node:path';
import type { PlanInput } from '../core/plan/plan';
import type { TrainingForm } from '../protocol/editor';
import { modelName } from './siblingFiles';

export interface PlanSource {
  readonly planPath: string;
  readonly modelPath: string;
  /** Left out where the model is trained as it is. */
  readonly recipePath?: string;
  readonly form: TrainingForm;
}

/** Nesterov momentum with this factor is the field's habit for SGD; the form does not ask for it. */
const MOMENTUM = 0.9;

/** The plan that a training form means, with absolute paths: its writer makes them relative. */
export function planOf({ planPath, modelPath, recipePath, form }: PlanSource): PlanInput {
  return {
    version: 1,
    name: modelName(modelPath),
    model: modelPath,
    ...(recipePath !== undefined && { recipe: recipePath }),
    data: {
      kind: 'images',
      train: form.dataFolder,
      validation: form.validation,
      preprocess: form.preprocess,
    },
    phases: [
      {
        epochs: form.epochs,
        optimizer: optimizerOf(form),
        ...(form.batchNorm === 'inference' && { batchNorm: form.batchNorm }),
      },
    ],
    batchSize: form.batchSize,
    seed: form.seed,
    out: path.join(path.dirname(planPath), 'runs'),
  };
}

function optimizerOf({ optimizer, learningRate }: TrainingForm): PlanInput['phases'][number]['optimizer'] {
  return optimizer === 'sgd'
    ? { kind: 'sgd', learningRate, momentum: MOMENTUM, nesterov: true }
    : { kind: 'adam', learningRate };
}
