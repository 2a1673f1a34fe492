import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import { zooEntry } from '../../src/zoo/registry';
import { repository, runPython } from '../support/python';
import { agreement, zooParityFolder } from '../support/zooAnswers';
import { LEAST_SPREAD, ZOO_TOLERANCE } from '../support/zooProof';
import { kerasTrial } from '../support/zooTrials';
import type { ImageSize } from '../support/zooAnswers';

/** A small one of each family whose file is not large; `npm run proof` has all of them. */
const cases: readonly {
  readonly name: string;
  readonly top: boolean;
  readonly sizes: readonly ImageSize[];
}[] = [
  ...['MobileNet', 'MobileNetV2', 'MobileNetV3Small', 'NASNetMobile'].map((name) => inSizes(name, true)),
  ...['DenseNet121', 'EfficientNetV2B0'].map((name) => inSizes(name, true)),
  ...['EfficientNetB0', 'ResNet50V2', 'ConvNeXtTiny'].map((name) => inSizes(name, false)),
  { ...inSizes('InceptionV3', false), sizes: [[75, 80]] },
];

function inSizes(name: string, top: boolean) {
  return {
    ...{ name, top },
    sizes: [
      [64, 48],
      [51, 77],
    ] as const,
  };
}

/** Of what Keras makes, on a machine that does much else: in seconds half a minute, once. */
const DEADLINE = 1_200_000;

const folder = await zooParityFolder('zoo');
const trials = cases.map(({ name, top, sizes }) => ({
  name,
  trial: kerasTrial(zooEntry(name), folder, top, sizes),
}));

describe('the zoo with weights in the layout of the published files', () => {
  beforeAll(async () => {
    await openEngine('wasm');
    const table = path.join(folder, 'outputs.json');
    await writeFile(table, JSON.stringify(trials.map(({ trial }) => trial.question)));
    await runPython(path.join(repository, 'test/parity/zoo.py'), ['outputs', table, folder]);
  }, DEADLINE);

  test.each(
    trials.flatMap(({ name, trial }) =>
      trial.checks.map((check) => [name, check.options.inputSize.join('×'), trial, check] as const),
    ),
  )('%s says at %s pixels what Keras says', async (name, _size, { weights }, { options, told }) => {
    const { difference, spread } = await agreement(zooEntry(name), options, await openModel(weights), told);
    expect(difference).toBeLessThan(ZOO_TOLERANCE);
    expect(spread).toBeGreaterThan(LEAST_SPREAD);
  });
});
