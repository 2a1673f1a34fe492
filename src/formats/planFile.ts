import { parsePlan } from '../core/plan/parsePlan';
import type { Data, Plan, PlanInput } from '../core/plan/plan';
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
    data: withPaths(plan.data, resolve),
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
    data: withPaths(plan.data, relative),
    ...(plan.out !== undefined && { out: relative(plan.out) }),
  });
}

/** The data's paths changed, whatever its kind; `D` is a plan's data as read or as written. */
function withPaths<D extends Data | PlanInput['data']>(data: D, change: (file: string) => string): D {
  const { validation } = data;
  const changed =
    typeof validation === 'string'
      ? change(validation)
      : typeof validation === 'object'
        ? { x: change(validation.x), y: change(validation.y) }
        : validation;
  const held = changed === undefined ? {} : { validation: changed };
  return data.kind === 'images'
    ? { ...data, train: change(data.train), ...held }
    : { ...data, x: change(data.x), y: change(data.y), ...held };
}
