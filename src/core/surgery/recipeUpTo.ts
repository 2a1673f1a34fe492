import { Failure } from '../failure';
import type { Operation, Recipe } from './recipe';
import { t } from '../../l10n/translate';

/**
 * The first steps of a recipe, as one of them is edited: what is frozen is no part of it.
 *
 * @param count how many; the last of them counts as switched on
 */
export function recipeUpTo(recipe: Recipe, count: number): Recipe {
  const operations = recipe.operations.slice(0, count);
  const last = operations.at(-1);
  return {
    version: 2,
    operations: last?.disabled ? [...operations.slice(0, -1), switchedOn(last)] : operations,
    freeze: [],
  };
}

function switchedOn({ disabled: _disabled, ...operation }: Operation): Operation {
  return operation;
}

/** A step by its place, from zero. @throws Failure `STEP_UNKNOWN` for a place that the recipe does not have */
export function stepAt({ operations }: Pick<Recipe, 'operations'>, at: number): Operation {
  const operation = operations[at];
  if (operation) return operation;
  throw new Failure(
    'usage',
    'STEP_UNKNOWN',
    t('the recipe has {0} operations, found a change of number {1}', operations.length, at + 1),
  );
}
