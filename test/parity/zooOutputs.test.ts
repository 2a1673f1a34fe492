import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpy } from '../../src/data/npy';
import { openModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import { Executor } from '../../src/trainer/executor';
import type { ZooOptions } from '../../src/zoo/architecture';
import { zooEntry } from '../../src/zoo/registry';
import { takeWeights } from '../../src/zoo/takeWeights';
import { largestDifference } from '../support/largestDifference';
import { repository, runPython } from '../support/python';

const FOLDER = path.join(repository, '.cache/parity/zoo');

interface Case {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly top: boolean;
  /** Of what comes in: 0–255 where the model begins with its own scaling. */
  readonly range: readonly [number, number];
  readonly pretrained?: true;
}

const [UNIT, BYTES] = [
  [-1, 1],
  [0, 255],
] as const;

/** The smaller ones of what differs: names that Keras counts, branches, nested models, padding that depends on the size. */
const cases: readonly Case[] = [
  { name: 'MobileNetV2', sizes: [64, 77], top: true, range: UNIT },
  { name: 'InceptionV3', sizes: [75, 96], top: false, range: UNIT },
  { name: 'EfficientNetB0', sizes: [64, 77], top: false, range: BYTES, pretrained: true },
  { name: 'ConvNeXtTiny', sizes: [32, 64], top: false, range: BYTES },
];

/** Of what Keras makes, on a machine that does much else: in seconds half a minute, once. */
const DEADLINE = 1_200_000;

/** Of the largest number that Keras puts out. */
const TOLERANCE = 1e-4;

describe('the zoo with weights in the layout of the published files', () => {
  beforeAll(async () => {
    await openEngine('wasm');
    await mkdir(FOLDER, { recursive: true });
    const table = path.join(FOLDER, 'outputs.json');
    const asked = cases.map(({ name, sizes, range, top, pretrained }) => {
      const weights = pretrained ? 'imagenet' : null;
      const head = top ? { classes: 10, classifier_activation: null } : {};
      return { name, sizes, range, options: { include_top: top, weights, ...head } };
    });
    await writeFile(table, JSON.stringify(asked));
    await runPython(path.join(repository, 'test/parity/zoo.py'), ['outputs', table, FOLDER]);
  }, DEADLINE);

  test.each(cases.flatMap((one) => one.sizes.map((size) => [one.name, size, one] as const)))(
    '%s says at %i pixels what Keras says',
    async (name, size, { top, pretrained = false }) => {
      const head: ZooOptions = top ? { classes: 10, classifierActivation: null } : {};
      const entry = zooEntry(name);
      const built = entry.build({ includeTop: top, inputSize: [size, size], pretrained, ...head });
      const graph = takeWeights(entry, built, await openModel(path.join(FOLDER, `${name}.h5`)));
      const weights = openWeights();
      const executor = await Executor.create(graph, (_layer, weight) => weights.read(weight));
      await weights.close();
      try {
        const input = await readNpy(path.join(FOLDER, `${name}-${size}.x.npy`));
        const expected = await readNpy(path.join(FOLDER, `${name}-${size}.y.npy`));
        const given = { shape: input.shape, data: Float32Array.from(input.values) };
        const [output] = await executor.predict([given]);
        expect(output?.shape).toEqual(expected.shape);
        expect(largestDifference(output?.data ?? [], expected.values)).toBeLessThan(TOLERANCE);
      } finally {
        executor.dispose();
      }
    },
  );
});
