import type { TrainingForm } from '../protocol/editor';
import { stageCount } from '../protocol/stageCount';
import type { ModelDocument } from './modelDocument';
import type { PlanSource } from './planOf';
import { siblingOf } from './siblingFiles';

/** What the plan of an open model is made of, with the recipe as it is on disk. */
export function planSourceOf(document: ModelDocument, form: TrainingForm): PlanSource {
  const { base, view } = document.model;
  return {
    planPath: siblingOf(base.path, 'plan'),
    modelPath: base.path,
    ...(document.hasRecipe && { recipePath: document.recipePath }),
    form,
    stages: stageCount(view),
  };
}
