import { execFile } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { openModel } from '../../src/formats/registry';
import { randomFrom } from '../support/randomNumbers';
import type { Tally } from './tally';

const execute = promisify(execFile);
const TARGETS = ['out.h5', 'out.keras', 'out.safetensors', 'out.onnx', 'out'] as const;

export interface FullDisks {
  readonly cli: string;
  readonly model: string;
  /** An empty folder, on which disks of memory are mounted. */
  readonly scratch: string;
  readonly seed: number;
  readonly tally: Tally;
}

/** Writes a model in every format to disks that are too small for it, so many of each; needs Linux, and its root. */
export async function fillDisks(
  times: number,
  { cli, model, scratch, seed, tally }: FullDisks,
): Promise<void> {
  const random = randomFrom(seed);
  const { size } = await stat(model);
  const disk = path.join(scratch, 'disk');
  await mkdir(disk);
  for (let time = 0; time < times * TARGETS.length; time++) {
    const target = TARGETS[time % TARGETS.length]!;
    const bytes = Math.floor((size * (5 + random(90))) / 100);
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', disk]);
    try {
      const out = path.join(disk, target);
      const where = `seed ${seed}, ${target} on a disk of ${bytes} bytes`;
      const ended = await execute(process.execPath, [cli, 'convert', model, '--out', out]).then(
        () => 'written',
        (error: unknown) => String(error instanceof Error ? Reflect.get(error, 'stderr') : error),
      );
      tally.count('disks filled');
      const left = await readdir(disk);
      if (ended === 'written') {
        await openModel(out).catch((error: unknown) =>
          tally.find(`${where}: half a model: ${String(error)}`),
        );
        tally.find(`${where}: said to be written`);
      } else if (!ended.includes('its disk is full')) tally.find(`${where}: ${ended}`);
      if (left.length > 0) tally.find(`${where}: left ${left.join(', ')}`);
    } finally {
      await execute('umount', [disk]);
    }
  }
}
