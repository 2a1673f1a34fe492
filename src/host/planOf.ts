import path from 'node:path';
import type { PlanInput } from '../core/plan/plan';
import type { TrainingForm } from '../protocol/editor';
import { planOfForm } from '../protocol/formPlan';
import { modelName } from './siblingFiles';

export interface PlanSource {
  readonly planPath: string;
  readonly modelPath: string;
  /** Left out where the model is trained as it is. */
  readonly recipePath?: string;
  readonly form: TrainingForm;
  /** How many the model has, after its recipe. */
  readonly stages: number;
}

/** The plan that a training form means, with absolute paths: its writer makes them relative. */
export function planOf({ planPath, modelPath, recipePath, form, stages }: PlanSource): PlanInput {
  const { version, ...words } = planOfForm(form, stages);
  return {
    version,
    name: modelName(modelPath),
    model: modelPath,
    ...(recipePath !== undefined && { recipe: recipePath }),
    ...words,
    out: path.join(path.dirname(planPath), 'runs'),
  };
}
