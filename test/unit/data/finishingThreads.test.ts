import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { augmentSchema } from '../../../src/core/plan/trainingData';
import { FinishingThreads } from '../../../src/data/finishingThreads';
import type { Finishing, Unfinished } from '../../../src/data/finishPixels';
import { repository } from '../../support/python';
import { temporaryFolder } from '../../support/temporary';

const size = { height: 6, width: 5, channels: 3 } as const;
const finishing: Finishing = {
  size,
  preprocess: 'torch',
  augment: augmentSchema.parse({ flip: 'both', rotate: 0.2, contrast: 0.3 }),
  seed: 9,
};

const samples = Array.from({ length: 7 }, (_, sample): Unfinished => ({
  pixels: {
    data: Uint8Array.from({ length: 36 }, (_, index) => (index * 37 + sample * 11) % 256),
    ...{ height: 4, width: 3, channels: 3 },
  },
  sample,
  variant: 2,
}));

test('threads give what this one gives, whatever they are asked at once', async () => {
  const script = path.join(await temporaryFolder(), 'images.mjs');
  await build({
    entryPoints: [path.join(repository, 'src/data/finishingWorker.ts')],
    ...{ outfile: script, bundle: true, platform: 'node', format: 'esm' },
  });
  const numbers = () => new Float32Array(samples.length * 90);
  const expected = numbers();
  await new FinishingThreads(finishing, undefined).run(samples, expected);
  const threads = new FinishingThreads(finishing, script);
  const found = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const into = numbers();
      await threads.run(samples, into);
      return into;
    }),
  );
  expect(new Set(expected).size).toBeGreaterThan(100);
  for (const each of found) expect(each).toEqual(expected);
});

test('a thread that is lost is a failure of every request it had, and the next gets another', async () => {
  const script = path.join(await temporaryFolder(), 'images.mjs');
  await writeFile(
    script,
    "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('out of paper'); });",
  );
  const threads = new FinishingThreads(finishing, script);
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(threads.run(samples, new Float32Array(630))).rejects.toMatchObject({
      kind: 'work',
      code: 'IMAGE_THREAD',
      message: 'a thread that prepares images was lost: out of paper',
    });
  }
});
