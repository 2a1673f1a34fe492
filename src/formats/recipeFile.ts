import path from 'node:path';
import { Failure } from '../core/failure';
import { withDonorPaths } from '../core/surgery/donors';
import { parseRecipe } from '../core/surgery/parseRecipe';
import { versioned, type Recipe } from '../core/surgery/recipe';
import { readJsonFile, relativeFrom, resolveFrom, writeJsonFile } from './jsonFile';

/**
 * Reads a recipe (`*.surgery.json`). Its base's path and its donors' come back absolute.
 * @throws Failure of kind `input` that names the file and all that is wrong in it
 */
export async function readRecipe(file: string): Promise<Recipe> {
  const written = inFile(file, parseRecipe, await readJsonFile(file));
  const operations = withDonorPaths(written.operations, (donor) => resolveFrom(file, donor));
  const recipe = { ...written, operations };
  if (!recipe.base) return recipe;
  return { ...recipe, base: { ...recipe.base, path: resolveFrom(file, recipe.base.path) } };
}

/** Writes a recipe, its base's path and its donors' relative to it. The file is replaced in one step. */
export async function writeRecipe(file: string, recipe: Recipe): Promise<void> {
  const { version, base, operations, freeze, freezeSets } = versioned(recipe);
  await writeJsonFile(file, {
    version,
    ...(base && { base: { ...base, path: relativeFrom(file, base.path) } }),
    operations: withDonorPaths(operations, (donor) => relativeFrom(file, donor)),
    freeze,
    ...(freezeSets && { freezeSets }),
  });
}

/** Parses, and says in a failure which file it is about. */
export function inFile<T>(file: string, parse: (json: unknown) => T, json: unknown): T {
  try {
    return parse(json);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.kind, error.code, `${path.basename(file)}: ${error.message}`, {
      path: file,
      cause: error,
    });
  }
}
