import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeWorkspace } from '../support/tinyWorkspace';
import { writeLargeModel } from './largeModel';
import { Tally } from './tally';
import { killTrainers } from './trainerKills';
import { killWriters } from './writerKills';

export interface Kills {
  readonly trainer: number;
  readonly writer: number;
  readonly seed: number;
  /** The folder of the build. */
  readonly dist: string;
}

/** Small enough that its weights are made in a moment. */
const ARCHITECTURE = 'MobileNetV3Small';

/** Kills what needs no VS Code. @returns what became of it */
export async function killPrograms({ trainer, writer, seed, dist }: Kills): Promise<Tally> {
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
    if (writer > 0) {
      const model = path.join(scratch, 'large.h5');
      await writeLargeModel(model);
      const [cli, architecture] = [path.join(dist, 'cli.js'), ARCHITECTURE];
      const there = await folder('writers');
      await killWriters(writer, { cli, model, architecture, scratch: there, seed, tally });
    }
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
  return tally;
}
