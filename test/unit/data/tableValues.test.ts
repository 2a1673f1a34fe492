import path from 'node:path';
import { expect, test } from 'vitest';
import { dataSchema } from '../../../src/core/plan/trainingData';
import { batches } from '../../../src/data/batches';
import type { Classifier } from '../../../src/data/match';
import { openData } from '../../../src/data/openData';
import { plainPng, writeFiles } from '../../support/images';
import { temporaryFolder } from '../../support/temporary';

const model: Classifier = {
  input: [2, 2, 1],
  inputLayer: 'pixels',
  units: 1,
  loss: 'meanSquaredError',
  classes: 1,
  outputLayer: 'age',
};

async function table(labels: readonly string[]) {
  const folder = await temporaryFolder();
  await writeFiles(folder, {
    'a.png': await plainPng(2, 2, 7),
    'ages.csv': ['path,label', ...labels.map((label) => `a.png,${label}`)].join('\n'),
  });
  const augment = { brightness: 0.1, copies: 2 };
  return dataSchema.parse({ kind: 'table', train: path.join(folder, 'ages.csv'), validation: 0, augment });
}

test('a loss of values takes the labels of a table for numbers, those of augmented copies too', async () => {
  const { trainAt, classes } = await openData(await table(['41.5', '-2', '1e2']), model, 42);
  const found: number[] = [];
  for (const epoch of [1, 2]) {
    const { dataset, indices } = trainAt(epoch);
    for await (const { labels } of batches(dataset, indices, 2)) found.push(...labels);
  }
  expect([found, classes]).toEqual([[41.5, -2, 100, 41.5, -2, 100], []]);
});

test('a label that is no number, and a model of several outputs, are refused', async () => {
  await expect(openData(await table(['1', 'old']), model, 42)).rejects.toMatchObject({
    code: 'TABLE_VALUE',
    message: expect.stringContaining('found the label "old"') as string,
  });
  await expect(openData(await table(['1', '2']), { ...model, units: 3 }, 42)).rejects.toThrow(
    'append a Dense with 1',
  );
});
