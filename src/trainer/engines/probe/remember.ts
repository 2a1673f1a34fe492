import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { EngineFound } from '../../../protocol/engines';
import { ADDON_FILE, type Installation } from '../tensorflow/installation';

/** Beside the engine, so that it goes with it. */
const FILE = 'probe.json';

const rememberedSchema = z.object({
  for: z.string(),
  found: z.object({
    name: z.literal('tensorflow'),
    device: z.string(),
    onGpu: z.boolean(),
    libraries: z.record(z.string(), z.string()),
  }),
});

/**
 * What the installation's probe found, from the last time where nothing that it depends on has changed. Only success
 * is remembered: a failure may be mended where this does not look.
 *
 * @throws whatever `probe` throws
 */
export async function rememberedProbe(
  installation: Installation,
  probe: (folder: string) => Promise<EngineFound>,
): Promise<EngineFound> {
  const { folder } = installation;
  const circumstances = await circumstancesOf(installation);
  const remembered = await recall(folder);
  if (remembered?.for === circumstances) return remembered.found;
  const found = await probe(folder);
  await remember(folder, { for: circumstances, found });
  return found;
}

/** Everything that decides what a probe finds: the files, the Node that loads them, the driver, the cards to be seen. */
async function circumstancesOf({ folder, library }: Installation): Promise<string> {
  const stamp = async (file: string) => {
    const found = await stat(file).catch(() => undefined);
    return found ? `${file} ${found.size} ${found.mtimeMs}` : `${file} missing`;
  };
  return JSON.stringify([
    await stamp(path.join(folder, ADDON_FILE)),
    await stamp(path.resolve(folder, library)),
    process.version,
    await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => ''),
    process.env.CUDA_VISIBLE_DEVICES ?? '',
  ]);
}

async function recall(folder: string) {
  try {
    return rememberedSchema.parse(JSON.parse(await readFile(path.join(folder, FILE), 'utf8')));
  } catch {
    // Not there, or not ours: it is probed again.
    return undefined;
  }
}

/** A folder that cannot be written to costs a probe the next time, no more. */
async function remember(folder: string, value: object): Promise<void> {
  const file = path.join(folder, FILE);
  const beside = `${file}.${process.pid}`;
  try {
    await writeFile(beside, JSON.stringify(value));
    await rename(beside, file);
  } catch {
    return;
  }
}
