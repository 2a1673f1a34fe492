import { parsePlan } from '../core/plan/parsePlan';
import { withDataPaths } from '../core/plan/dataPaths';
import type { Plan, PlanInput } from '../core/plan/plan';
import { readJsonFile, relativeFrom, resolveFrom, writeJsonFile } from './jsonFile';
import { inFile } from './recipeFile';

/**
 * Reads a plan (`*.plan.json`), its defaults filled in and all its paths absolute.
 * @throws Failure of kind `input` that names the file and all that is wrong in it
 */
export async function readPlan(file: string): Promise<Plan> {
  const plan = inFile(file, parsePlan, await readJsonFile(file));
  const resolve = (relative: string) => resolveFrom(file, relative);
  return {
    ...plan,
    model: resolve(plan.model),
    ...(plan.recipe !== undefined && { recipe: resolve(plan.recipe) }),
    data: withDataPaths(plan.data, resolve),
    out: resolve(plan.out),
  };
}

/** Writes a plan as it is given, absolute paths made relative to it. The file is replaced in one step. */
export async function writePlan(file: string, plan: PlanInput): Promise<void> {
  const relative = (target: string) => relativeFrom(file, target);
  await writeJsonFile(file, {
    ...plan,
    model: relative(plan.model),
    ...(plan.recipe !== undefined && { recipe: relative(plan.recipe) }),
    data: withDataPaths(plan.data, relative),
    ...(plan.out !== undefined && { out: relative(plan.out) }),
  });
}
