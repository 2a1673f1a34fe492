import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../core/plan/plan';
import { readPlan } from '../formats/planFile';
import { RUN_FILES } from './runFolder';

/**
 * The plan of the run whose result or checkpoint a model is: the model lies in `<run>/model/`, or is that folder, or in
 * `<run>/checkpoints/<name>/`. `undefined` for any other model.
 * @throws Failure of kind `input` where the run's plan is there and cannot be read
 */
export async function planOfRunAround(modelPath: string): Promise<Plan | undefined> {
  const file = await planFileAround(modelPath);
  return file === undefined ? undefined : readPlan(file);
}

/** The same, not read. */
export async function planFileAround(modelPath: string): Promise<string | undefined> {
  const absolute = path.resolve(modelPath);
  const above = path.dirname(absolute);
  const folder =
    [absolute, above].find((each) => path.basename(each) === RUN_FILES.model) ??
    [path.dirname(above)].find((each) => path.basename(each) === RUN_FILES.checkpoints);
  if (folder === undefined) return undefined;
  const run = path.dirname(folder);
  const isRun = await access(path.join(run, RUN_FILES.events)).then(
    () => true,
    () => false,
  );
  return isRun ? path.join(run, RUN_FILES.plan) : undefined;
}
