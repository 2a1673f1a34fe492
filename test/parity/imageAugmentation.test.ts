import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { augmentSchema } from '../../src/core/plan/trainingData';
import { augmented, drawAugmentation, type Augmentation } from '../../src/data/augment';
import { readNpy, writeNpy } from '../../src/data/npy';
import type { Pixels } from '../../src/data/pixels';
import { repository, runPython } from '../support/python';
import { temporaryFolder } from '../support/temporary';

const [height, width] = [24, 37];

/** Waves with an edge across them, so that what is sampled beside where it should be is seen. */
const image: Pixels = {
  ...{ height, width, channels: 3 },
  data: Uint8Array.from({ length: height * width * 3 }, (_, index) => {
    const [channel, x, y] = [index % 3, Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
    const edge = x > 2 * y - 5 ? 60 : 0;
    return 90 + edge + 80 * Math.sin(x / (2 + channel) + y / 3);
  }),
};

const nothing: Augmentation = {
  ...{ flip: [false, false], crop: [1, 0, 0], rotate: 0, zoom: 1, shift: [0, 0] },
  ...{ contrast: 1, brightness: 0 },
};

const cases: readonly (readonly [keyof Augmentation, unknown])[] = [
  ['flip', [true, false]],
  ['flip', [false, true]],
  ['flip', [true, true]],
  ['rotate', 0.07],
  ['rotate', -0.31],
  ['zoom', 0.7],
  ['zoom', 1.3],
  ['shift', [0.2, -0.13]],
  ['shift', [-0.61, 0.9]],
  ['crop', [0.6, 0, 1]],
  ['crop', [0.83, 0.7, 0.25]],
  ['brightness', 0.21],
  ['brightness', -0.4],
  ['contrast', 0.55],
  ['contrast', 1.45],
];

test('images are changed as Keras and PIL change them by the same draws', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const augment = augmentSchema.parse({ flip: 'both', rotate: 0.2, zoom: 0.3, shift: 0.2, crop: 0.4 });
  const draws = Array.from({ length: 12 }, (_, sample) =>
    drawAugmentation(augment, { seed: 3, variant: 1, sample }),
  );
  const asked = [
    ...cases.map(([change, value]) => ({ told: [change, value], draw: { ...nothing, [change]: value } })),
    ...draws.map((draw) => ({ told: ['all', draw], draw })),
  ];
  await writeNpy(path.join(folder, 'image.npy'), [height, width, 3], Float32Array.from(image.data));
  await writeFile(path.join(folder, 'cases.json'), JSON.stringify(asked.map(({ told }) => told)));
  await runPython(path.join(repository, 'test/parity/imageAugmentation.py'), [folder]);
  const { values } = await readNpy(path.join(folder, 'answers.npy'));
  const size = image.data.length;
  expect(values.length).toBe(asked.length * size);
  for (const [index, { told, draw }] of asked.entries()) {
    const answer = values.subarray(index * size, (index + 1) * size);
    const { data } = augmented(image, draw);
    const furthest = data.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (answer[at] ?? NaN))),
      0,
    );
    // Ours are whole numbers: the half is the rounding, the rest theirs in 32 bits.
    expect(furthest, JSON.stringify(told)).toBeLessThan(0.52);
  }
});
