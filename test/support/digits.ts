import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { Tensorlike } from '../../src/trainer/executor';
import { repository } from './python';

export interface Batch {
  readonly input: Tensorlike;
  readonly labels: Int32Array;
}

/**
 * Batches of the sample's digits 5–9, pixels ÷ 255, labels 0–4, in the order of test/parity/transcripts.py: image i is of
 * digit 5 + i mod 5, the ⌊i / 5⌋-th of its folder.
 */
export async function digitBatches(count: number, size: number): Promise<readonly Batch[]> {
  const folders = await Promise.all(
    [5, 6, 7, 8, 9].map(async (digit) => {
      const folder = path.join(repository, 'samples/digits-5-9', String(digit));
      return (await readdir(folder)).toSorted().map((name) => path.join(folder, name));
    }),
  );
  const batches: Batch[] = [];
  for (let step = 0; step < count; step++) {
    const indices = Array.from({ length: size }, (_, index) => step * size + index);
    const images = await Promise.all(
      indices.map((index) =>
        sharp(folders[index % 5][Math.floor(index / 5)])
          .grayscale()
          .raw()
          .toBuffer(),
      ),
    );
    const data = Float32Array.from(Buffer.concat(images), (pixel) => Math.fround(pixel / 255));
    batches.push({
      input: { data, shape: [size, 28, 28, 1] },
      labels: Int32Array.from(indices, (index) => index % 5),
    });
  }
  return batches;
}
