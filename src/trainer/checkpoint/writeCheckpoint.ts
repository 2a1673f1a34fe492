import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import type { LayerGraph } from '../../core/graph/layerGraph';
import { writeModel } from '../../formats/registry';
import { replaceWhole } from '../../formats/replaceFile';
import { writeTensors } from '../../formats/safetensors/writeTensors';
import {
  CHECKPOINT_FILES,
  checkpointName,
  checkpointsFolder,
  listCheckpoints,
  outdated,
  type CheckpointState,
} from '../../runs/checkpointFolder';
import { RUN_FILES } from '../../runs/runFolder';
import type { Executor, OptimizerSnapshot, WeightSnapshot } from '../executor';
import { t } from '../../l10n/translate';

export interface CheckpointToWrite {
  readonly run: string;
  readonly state: CheckpointState;
  readonly graph: LayerGraph;
  readonly labels: readonly string[];
  readonly executor: Pick<Executor, 'weight'>;
  readonly optimizer: OptimizerSnapshot;
  /** Weights of the best epoch where the run may go back to them; left out where these are they. */
  readonly best?: WeightSnapshot;
  /** Names of the layers that some phase trains: the others' weights are the same in every epoch. */
  readonly trained: ReadonlySet<string>;
  /** How many of those that a plan asks for stay. */
  readonly keep: number;
}

/**
 * Writes a checkpoint beside its place and puts it there whole and on the disk, then removes those that have had their
 * day. A kill at any moment leaves the ones before, and at most a hidden folder that the next one removes.
 *
 * @returns its folder, relative to the run's
 * @throws Failure `FILE_WRITE` where the system refuses; nothing is left of it then, and the ones before stay
 */
export async function writeCheckpoint(checkpoint: CheckpointToWrite): Promise<string> {
  const { run, state, keep } = checkpoint;
  const parent = checkpointsFolder(run);
  await removeTorn(parent);
  const name = checkpointName(state);
  await replaceWhole(path.join(parent, name), async (temporary) => {
    await mkdir(temporary);
    await writeFiles(checkpoint, temporary);
    for (const file of await readdir(temporary)) await sync(path.join(temporary, file), 'r+');
    await syncFolder(temporary);
  });
  await syncFolder(parent);
  for (const { folder } of outdated(await listCheckpoints(run), keep)) await removeWhole(folder);
  return `${RUN_FILES.checkpoints}/${name}`;
}

/** What a kill left half written. */
async function removeTorn(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (name.startsWith('.')) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

/** `state.json` is what makes a folder a checkpoint: without it, what is left after a kill is none. */
async function removeWhole(folder: string): Promise<void> {
  await rm(path.join(folder, CHECKPOINT_FILES.state), { force: true });
  await rm(folder, { recursive: true, force: true });
}

async function writeFiles(
  { state, graph, labels, executor, optimizer, best, trained }: CheckpointToWrite,
  folder: string,
): Promise<void> {
  const weights = async (layer: string, weight: { readonly name: string }) => {
    const values = await executor.weight(layer, weight.name);
    if (trained.has(layer) && !values.every(Number.isFinite)) throw notFinite(layer, weight.name);
    return values;
  };
  await writeModel(
    { graph, weights, labels },
    path.join(folder, CHECKPOINT_FILES.weights),
    'safetensors',
    {},
  );
  const slots = optimizer.slots.map(({ weight, slot, shape, values }) => ({
    name: JSON.stringify([weight, slot]),
    shape,
    values: async () => values,
  }));
  await writeTensors(path.join(folder, CHECKPOINT_FILES.optimizer), slots, {});
  if (best) {
    const changing = best.tensors.filter(({ layer }) => trained.has(layer));
    const tensors = changing.map(({ layer, weight, tensor }) => ({
      name: JSON.stringify([layer, weight]),
      shape: tensor.shape,
      values: async () => (await tensor.data()) as Float32Array,
    }));
    await writeTensors(path.join(folder, CHECKPOINT_FILES.best), tensors, {});
  }
  await writeFile(path.join(folder, CHECKPOINT_FILES.state), `${JSON.stringify(state, null, 2)}\n`);
}

/** What a run could not go on from is no checkpoint. */
function notFinite(layer: string, weight: string): Failure {
  return new Failure(
    'work',
    'WEIGHT_NOT_FINITE',
    t('layer "{0}", weight "{1}": found what is no finite number, expected numbers', layer, weight),
    { layer },
  );
}

async function sync(file: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(file, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Names are on the disk when their folder is; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await sync(folder, 'r');
}
