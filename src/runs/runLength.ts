import path from 'node:path';
import type { PlanInput } from '../core/plan/plan';
import { readJsonFile, writeJsonFile } from '../formats/jsonFile';
import { RUN_FILES } from './runFolder';
import { readRunInputs } from './runInputs';

/**
 * Writes into a run's folder that its last phase has another number of epochs: into its plan, and into what a resumed run
 * must find unchanged.
 * @throws Failure where a file cannot be read or written
 */
export async function writeRunLength(folder: string, epochs: number): Promise<void> {
  const inputs = await readRunInputs(folder);
  const file = path.join(folder, RUN_FILES.plan);
  const plan = (await readJsonFile(file)) as PlanInput;
  await writeJsonFile(path.join(folder, RUN_FILES.inputs), {
    ...inputs,
    plan: withLastEpochs(inputs.plan as PlanInput, epochs),
  });
  await writeJsonFile(file, withLastEpochs(plan, epochs));
}

/** The same plan, its last phase of so many epochs. */
export function withLastEpochs<P extends { readonly phases: readonly { readonly epochs: number }[] }>(
  plan: P,
  epochs: number,
): P {
  const last = plan.phases.length - 1;
  return {
    ...plan,
    phases: plan.phases.map((phase, index) => (index === last ? { ...phase, epochs } : phase)),
  };
}
