import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Opened } from './openModelChild';

const execute = promisify(execFile);

const MEGABYTE = 2 ** 20;
const TENSORS = 256;

/** Of each file, so that a busy machine's slowest does not decide. */
const RUNS = 5;

/** A process that opens nothing and loads nothing. */
const EMPTY =
  'console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, ms: 0, parameters: 0 }))';

/**
 * Opening a .safetensors of one gigabyte and one of a thousandth of that, each in a process of its own: memory above a
 * process that does nothing, and time. Run in the root of the repository.
 */
export async function run(): Promise<Record<string, number>> {
  const child = path.resolve('.cache/bench/openModelChild.mjs');
  await build({
    entryPoints: ['test/bench/openModelChild.ts'],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
  try {
    const small = await writeTensors(path.join(folder, 'small.safetensors'), MEGABYTE);
    const large = await writeTensors(path.join(folder, 'large.safetensors'), 1024 * MEGABYTE);
    const empty = await measure('-e', EMPTY);
    const openedSmall = await measure(child, small);
    const openedLarge = await measure(child, large);
    return {
      'a gigabyte: MB above an empty process': (openedLarge.peakBytes - empty.peakBytes) / MEGABYTE,
      'a gigabyte: parameters in millions': openedLarge.parameters / 1e6,
      'a gigabyte: ms': openedLarge.ms,
      'a gigabyte / a megabyte: time': openedLarge.ms / openedSmall.ms,
      'a gigabyte / a megabyte: memory': openedLarge.peakBytes / openedSmall.peakBytes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The middle one by time. */
async function measure(...args: string[]): Promise<Opened> {
  const found: Opened[] = [];
  for (let count = 0; count < RUNS; count++) {
    const { stdout } = await execute(process.execPath, args);
    found.push(JSON.parse(stdout) as Opened);
  }
  return found.toSorted((a, b) => a.ms - b.ms)[Math.floor(RUNS / 2)]!;
}

/** A file of equal tensors whose numbers are all nought, so that it takes no room on the disk. */
async function writeTensors(file: string, dataBytes: number): Promise<string> {
  const each = dataBytes / TENSORS;
  const tensors = Array.from({ length: TENSORS }, (_, index) => [
    `blocks.${index}.weight`,
    { dtype: 'F32', shape: [each / 4], data_offsets: [index * each, (index + 1) * each] },
  ]);
  const header = Buffer.from(JSON.stringify(Object.fromEntries(tensors)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(Buffer.concat([length, header]));
    await handle.truncate(8 + header.length + dataBytes);
  } finally {
    await handle.close();
  }
  return file;
}
