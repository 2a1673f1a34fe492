import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { resNet152, tenThousandLayers, wideLayers } from './kerasModels';
import type { Opened } from './openModelChild';

export default 'open';

const execute = promisify(execFile);
const MEGABYTE = 2 ** 20;

/** Of each file, so that a busy machine's slowest does not decide. */
const RUNS = 3;

const EMPTY =
  'console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, ms: 0, parameters: 0 }))';

/** Opening Keras files to a summary, each in a process of its own, the loading of HDF5 included. */
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
  const empty = await measure('-e', EMPTY);
  const strands = await measure(child, await tenThousandLayers());
  const residual = await measure(child, await resNet152());
  const small = await measure(child, await wideLayers(128));
  const large = await measure(child, await wideLayers(4096));
  return {
    'ten thousand layers .keras: ms': strands.ms,
    'ten thousand layers .keras: ms / 3000 ms allowed': strands.ms / 3000,
    'ResNet152 .h5: ms': residual.ms,
    'ResNet152 .h5: ms / 1000 ms allowed': residual.ms / 1000,
    'ResNet152 .h5: parameters in millions': residual.parameters / 1e6,
    'a gigabyte .h5: MB above an empty process': (large.peakBytes - empty.peakBytes) / MEGABYTE,
    'a gigabyte .h5: MB above / 250 MB allowed': (large.peakBytes - empty.peakBytes) / MEGABYTE / 250,
    'a gigabyte .h5: ms': large.ms,
    'a gigabyte / a megabyte .h5: time': large.ms / small.ms,
  };
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
