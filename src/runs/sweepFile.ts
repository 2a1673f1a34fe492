import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { writeJsonFile } from '../formats/jsonFile';
import { RUN_FILES } from './runFolder';
import { runProcessSchema } from './runProcess';

/** A model of more stages has none that people would train one by one. */
const MOST_STEPS = 1000;

const sweepSchema = z.object({
  version: z.literal(1),
  /** The same in all runs of a series. */
  id: z.string().min(1),
  /** How many of the first stages this one freezes. */
  frozenStages: z.int().min(0),
  /** What is to be trained in all: of an older version's nothing is known. */
  series: z
    .object({
      /** What each run's name begins with. */
      name: z.string(),
      /** What each run freezes, in the order in which they are trained. */
      stages: z.array(z.int().min(0)).max(MOST_STEPS),
    })
    .optional(),
  /** What trains the next run once this one is over; left out where nothing does, or people have ended the series. */
  driver: runProcessSchema.optional(),
  /** People have ended the series with this run. */
  ended: z.literal(true).optional(),
});

/** Which series a run is of: `sweep.json` in its folder. */
export type RunSweep = Omit<z.infer<typeof sweepSchema>, 'version'>;

/** `undefined` where the run is of none, or the file holds something else. */
export async function readSweep(run: string): Promise<RunSweep | undefined> {
  try {
    return sweepSchema.parse(JSON.parse(await readFile(path.join(run, RUN_FILES.sweep), 'utf8')));
  } catch {
    return undefined;
  }
}

/** @throws Failure of kind `work` where the folder cannot be written to */
export async function writeSweep(run: string, sweep: RunSweep): Promise<void> {
  await writeJsonFile(path.join(run, RUN_FILES.sweep), { ...sweep, version: 1 });
}
