import { Failure } from '../../../src/core/failure';
import { advise, type Advice, type AdvisedData } from '../../../src/core/freeze/advisor';
import { simplifyRules } from '../../../src/core/freeze/simplify';
import type { FreezeRule } from '../../../src/core/freeze/rule';
import type { Edit, ModelView, TrainingForm } from '../../../src/protocol/editor';
import { sameValue } from './sameValue';
import { faultsInTheWay } from './training';
import { t } from '../../../src/l10n/translate';

/** The strategy for a model and its images, or why there is none. */
export function adviceFor(model: ModelView, data: AdvisedData): Advice | string {
  if (model.weightsOnly) return t('This file holds weights and no architecture.');
  const faults = faultsInTheWay(model);
  if (faults !== undefined) return faults;
  const cuts = model.recipe.operations.flatMap((operation) =>
    operation.op === 'cut' && !operation.disabled ? [operation.after] : [],
  );
  try {
    return advise({ layers: model.layers, cuts }, data);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** What the recipe becomes in each phase: what Apply does, and what is frozen in the phase after it. */
export function editsOf({ operations, freeze, laterFreeze, words }: Advice): readonly Edit[] {
  const label = t('Follow the advice "{0}"', words.title);
  const edit = (rules: readonly FreezeRule[]): Edit => ({
    type: 'together',
    label,
    edits: [
      ...operations.map((operation) => ({ type: 'operate' as const, operation })),
      { type: 'setFreezeRules', rules },
    ],
  });
  return [edit(freeze), ...(laterFreeze ? [edit(laterFreeze)] : [])];
}

/** Whether the model is as the advice has it: then there is nothing to undo. */
export function isFollowed({ recipe }: ModelView, { operations, freeze }: Advice): boolean {
  return operations.length === 0 && sameValue(recipe.freeze, simplifyRules(freeze));
}

export const withAdvice = (form: TrainingForm, { training }: Advice): TrainingForm => ({
  ...form,
  ...training,
});
