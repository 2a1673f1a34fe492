import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../core/failure';
import type { Recipe } from '../core/surgery/recipe';
import { isRecipePath } from './siblingFiles';
import { t } from '../l10n/translate';

/**
 * The model that a file opens: itself, or the one that a recipe names.
 *
 * @param recipe what the file says, where it is a recipe
 * @throws Failure `RECIPE_WITHOUT_BASE`
 */
export function baseOf(file: string, recipe: Recipe | undefined): string {
  if (!isRecipePath(file)) return file;
  if (recipe?.base) return path.resolve(path.dirname(file), recipe.base.path);
  throw new Failure(
    'input',
    'RECIPE_WITHOUT_BASE',
    t(
      '{0} does not say which model it is for; open the model instead, and its recipe with it',
      path.basename(file),
    ),
    { path: file },
  );
}

/** @throws Failure `RECIPE_NAME` for a file that is not named as a recipe: the model itself is never written */
export function refuseOtherNames(file: string): void {
  if (isRecipePath(file)) return;
  throw new Failure(
    'usage',
    'RECIPE_NAME',
    t(
      'Save As writes the recipe, not the model: found the name {0}, expected one ending in .surgery.json',
      path.basename(file),
    ),
    { path: file },
  );
}

/** Whether two recipes are the same in what edits change. */
export function saysTheSame(a: Recipe, b: Recipe): boolean {
  return isDeepStrictEqual(editable(a), editable(b));
}

function editable({ operations, freeze, freezeSets }: Recipe): Omit<Recipe, 'version' | 'base'> {
  return { operations, freeze, freezeSets };
}
