import { Failure } from '../failure';
import { explainIssues } from '../schema/explain';
import type { DocumentKind } from '../schema/parse';
import { parseDocument } from '../schema/parse';
import type { Operation, Recipe } from './recipe';
import { operationSchema, recipeSchema } from './recipe';

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

/** One step of a recipe, as somebody wrote it. @throws Failure `OPERATION_INVALID` with all that is wrong */
export function parseOperation(json: unknown): Operation {
  const result = operationSchema.safeParse(json);
  if (result.success) return result.data;
  const findings = explainIssues(result.error.issues, json, { schema: operationSchema });
  throw new Failure('input', 'OPERATION_INVALID', findings.join('; '));
}
