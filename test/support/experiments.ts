import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parsePlan } from '../../src/core/plan/parsePlan';
import type { Plan } from '../../src/core/plan/plan';
import { parseRecipe } from '../../src/core/surgery/parseRecipe';
import type { Recipe } from '../../src/core/surgery/recipe';
import { repository } from './python';

/** A file of an experiment: its folder, its name. */
export const experimentFile = (...names: readonly string[]) =>
  path.join(repository, 'samples/experiments', ...names);

const readJson = async (...names: readonly string[]): Promise<unknown> =>
  JSON.parse(await readFile(experimentFile(...names), 'utf8'));

export const experimentRecipe = async (...names: readonly string[]): Promise<Recipe> =>
  parseRecipe(await readJson(...names));

export const experimentPlan = async (...names: readonly string[]): Promise<Plan> =>
  parsePlan(await readJson(...names));
