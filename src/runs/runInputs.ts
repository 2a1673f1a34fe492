import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Failure } from '../core/failure';
import { RUN_FILES } from './runFolder';
import { timeSchema } from './time';
import { t } from '../l10n/translate';

/** What a run was started with, as far as a resumed run must find it unchanged. */
const runInputsSchema = z.object({
  version: z.literal(1),
  engine: z.string(),
  /** What the engine ran on. */
  device: z.string(),
  /** The plan as in `plan.json`, its defaults filled in. */
  plan: z.unknown(),
  /** SHA-256 over the layers and their weights before the first step. */
  model: z.string(),
  /** Path relative to the run folder with `/`, bytes, and milliseconds of the last change. */
  data: z.array(z.tuple([z.string(), z.number(), timeSchema])),
});

export type RunInputs = z.infer<typeof runInputsSchema>;

/** @throws Failure of kind `input` (`RUN_INPUTS`) where the run does not say */
export async function readRunInputs(run: string): Promise<RunInputs> {
  const file = path.join(run, RUN_FILES.inputs);
  try {
    return runInputsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new Failure(
      'input',
      'RUN_INPUTS',
      t(
        '{0}: missing or not what a run writes there, so nobody can say whether its plan, model and data are what they were; start the plan anew',
        file,
      ),
      { path: file, cause },
    );
  }
}
