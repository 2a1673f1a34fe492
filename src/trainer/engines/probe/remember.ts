import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { EngineFound } from '../../../protocol/engines';
import { vulkanDrivers } from '../vulkan';

/** What a probe's finding depends on and where it is kept. */
export interface Remembered {
  /** Where the finding is kept: with the engine, so that it goes with it. */
  readonly file: string;
  /** The engine's own files: they change when it is updated. */
  readonly depends: readonly string[];
}

const rememberedSchema = z.object({
  for: z.string(),
  found: z.object({
    name: z.enum(['tensorflow', 'webgpu', 'wasm', 'cpu']),
    device: z.string(),
    onGpu: z.boolean(),
    libraries: z.record(z.string(), z.string()),
  }),
});

/**
 * What an engine's probe found, from the last time where nothing that it depends on has changed. Only success is
 * remembered: a failure may be mended where this does not look.
 *
 * @throws whatever `probe` throws
 */
export async function rememberedProbe(
  { file, depends }: Remembered,
  probe: () => Promise<EngineFound>,
): Promise<EngineFound> {
  const circumstances = await circumstancesOf(depends);
  const remembered = await recall(file);
  if (remembered?.for === circumstances) return remembered.found;
  const found = await probe();
  await remember(file, { for: circumstances, found });
  return found;
}

/** Everything that decides what a probe finds: the files, the Node that loads them, the drivers, the cards to be seen. */
async function circumstancesOf(depends: readonly string[]): Promise<string> {
  const stamp = async (file: string) => {
    const found = await stat(file).catch(() => undefined);
    return found ? `${file} ${found.size} ${found.mtimeMs}` : `${file} missing`;
  };
  return JSON.stringify([
    await Promise.all(depends.map(stamp)),
    [process.version, process.arch],
    await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => ''),
    await Promise.all((await vulkanDrivers()).map(stamp)),
    process.env.CUDA_VISIBLE_DEVICES ?? '',
  ]);
}

async function recall(file: string) {
  try {
    return rememberedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Not there, or not ours: it is probed again.
    return undefined;
  }
}

/** A folder that cannot be written to costs a probe the next time, no more. */
async function remember(file: string, value: object): Promise<void> {
  const beside = `${file}.${process.pid}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(beside, JSON.stringify(value));
    await rename(beside, file);
  } catch {
    return;
  }
}
