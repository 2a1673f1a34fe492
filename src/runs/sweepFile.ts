import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeJsonFile } from '../formats/jsonFile';
import { RUN_FILES } from './runFolder';

const sweepSchema = z.object({
  version: z.literal(1),
  /** The same in all runs of a series. */
  id: z.string().min(1),
  /** How many of the first stages this one freezes. */
  frozenStages: z.int().min(0),
});

/** Which series a run is of: `sweep.json` in its folder. */
export type RunSweep = Omit<z.infer<typeof sweepSchema>, 'version'>;

/** `undefined` where the run is of none, or the file holds something else. */
export async function readSweep(run: string): Promise<RunSweep | undefined> {
  try {
    const { id, frozenStages } = sweepSchema.parse(
      JSON.parse(await readFile(path.join(run, RUN_FILES.sweep), 'utf8')),
    );
    return { id, frozenStages };
  } catch {
    return undefined;
  }
}

/** @throws Failure of kind `work` where the folder cannot be written to */
export async function writeSweep(run: string, sweep: RunSweep): Promise<void> {
  await writeJsonFile(path.join(run, RUN_FILES.sweep), { version: 1, ...sweep });
}
