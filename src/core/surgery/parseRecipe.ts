import type { DocumentKind } from '../schema/parse';
import { parseDocument } from '../schema/parse';
import type { Recipe } from './recipe';
import { recipeSchema } from './recipe';

const RECIPE: DocumentKind<Recipe> = {
  noun: 'recipe',
  version: 2,
  schema: recipeSchema,
  planned: new Set(),
};

/** The recipe with every default filled in. @throws Failure of kind `input` with all that is wrong */
export function parseRecipe(json: unknown): Recipe {
  return parseDocument(RECIPE, json);
}
