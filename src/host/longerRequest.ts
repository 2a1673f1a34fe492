import path from 'node:path';
import { readPlan, writePlan } from '../formats/planFile';
import type { TrainRequest } from '../protocol/trainer';
import { listCheckpoints } from '../runs/checkpointFolder';
import { RUN_FILES } from '../runs/runFolder';

/** Beside the run that its first weights are of. */
const LONGER_PLAN = 'longer.plan.json';
/** More than anybody waits for; a typing error has as many digits. */
export const MOST_EPOCHS = 100_000;

export function parseEpochs(text: string): number | undefined {
  const epochs = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  return epochs >= 1 && epochs <= MOST_EPOCHS ? epochs : undefined;
}

/**
 * What a trainer is asked for: to go on from the run's last checkpoint, or where it kept none, a new run of its last phase
 * that begins with the model it wrote. That model's layers are frozen as they were.
 *
 * @param result the model that the run wrote
 * @throws Failure where the run's plan cannot be read or the new one not be written
 */
export async function longerRequest(
  run: string,
  epochs: number,
  result: () => Promise<string>,
): Promise<TrainRequest> {
  const file = path.join(run, RUN_FILES.plan);
  if (await isExact(run)) return { type: 'train', plan: file, resume: run, longer: epochs };
  const plan = await readPlan(file);
  // The recipe was applied, and the model says itself what is frozen in it.
  const phases = plan.phases.slice(-1).map((last) => ({ ...last, freeze: undefined, epochs }));
  const longer = path.join(run, LONGER_PLAN);
  await writePlan(longer, { ...plan, model: await result(), recipe: undefined, phases });
  return { type: 'train', plan: longer };
}

/** Whether it goes on exactly where it ended. */
export const isExact = async (run: string): Promise<boolean> => (await listCheckpoints(run)).length > 0;
