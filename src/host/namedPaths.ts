import { withDataPaths } from '../core/plan/dataPaths';
import type { Plan } from '../core/plan/plan';
import { donorPathsIn } from '../core/surgery/donors';
import type { Recipe } from '../core/surgery/recipe';
import { t } from '../l10n/translate';

/** A file or folder that a recipe, a plan or a page names. */
export interface NamedPath {
  /** Absolute. */
  readonly path: string;
  /** What it is to whoever names it: the donor model. */
  readonly what: string;
}

/** Which of a plan's paths are used. */
export type PlanUse = 'all' | 'model' | 'data';

/** What a recipe takes layers and weights from. */
export function pathsOfRecipe(recipe: Pick<Recipe, 'operations'>): readonly NamedPath[] {
  return donorPathsIn(recipe).map(donorModel);
}

export function donorModel(path: string): NamedPath {
  return { path, what: t('the donor model') };
}

/** The base of a recipe that is opened itself. */
export function baseModel(path: string): NamedPath {
  return { path, what: t('the base model') };
}

export function trainingData(path: string): NamedPath {
  return { path, what: t('the training data') };
}

/** @param plan its paths absolute */
export function pathsOfPlan({ model, recipe, data, out }: Plan, use: PlanUse): readonly NamedPath[] {
  const ofModel = [
    { path: model, what: t('the model') },
    ...(recipe === undefined ? [] : [{ path: recipe, what: t('the recipe') }]),
  ];
  const ofData: NamedPath[] = [];
  withDataPaths(data, (file) => {
    ofData.push(trainingData(file));
    return file;
  });
  switch (use) {
    case 'model':
      return ofModel;
    case 'data':
      return ofData;
    case 'all':
      return [...ofModel, ...ofData, { path: out, what: t('the folder of runs') }];
  }
}
