import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeWorkspace } from '../support/tinyWorkspace';
import { fillDisks } from './fullDisks';
import { writeLargeModel } from './largeModel';
import { Tally } from './tally';
import { killTrainers } from './trainerKills';
import { killWriters } from './writerKills';

export interface Kills {
  readonly trainer: number;
  readonly writer: number;
  /** Of each format, so many; none where left out. */
  readonly disk?: number;
  readonly seed: number;
  /** The folder of the build. */
  readonly dist: string;
}

/** Small enough that its weights are made in a moment. */
const ARCHITECTURE = 'MobileNetV3Small';

/** Kills what needs no VS Code. @returns what became of it */
export async function killPrograms({ trainer, writer, disk = 0, seed, dist }: Kills): Promise<Tally> {
  const tally = new Tally();
  const scratch = await mkdtemp(path.join(tmpdir(), 'model-surgery-kill-'));
  const folder = async (name: string) => {
    const made = path.join(scratch, name);
    await mkdir(made);
    return made;
  };
  try {
    if (trainer > 0) {
      const workspace = await makeWorkspace(await folder('workspace'));
      const entry = path.join(dist, 'trainer.js');
      await killTrainers(trainer, { entry, workspace, scratch, seed, tally });
    }
    const model = path.join(scratch, 'large.h5');
    const cli = path.join(dist, 'cli.js');
    if (writer + disk > 0) await writeLargeModel(model);
    if (disk > 0) await fillDisks(disk, { cli, model, scratch, seed, tally });
    if (writer > 0) {
      const architecture = ARCHITECTURE;
      const there = await folder('writers');
      await killWriters(writer, { cli, model, architecture, scratch: there, seed, tally });
    }
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
  return tally;
}
