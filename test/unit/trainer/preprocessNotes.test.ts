import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inferShapes } from '../../../src/core/graph/infer';
import { parsePlan } from '../../../src/core/plan/parsePlan';
import { openDataFor } from '../../../src/trainer/prepare';
import { zooEntry } from '../../../src/zoo/registry';
import { cifarRecord } from '../../support/imageFiles';
import { temporaryFolder } from '../../support/temporary';

it.each([
  ['tf', []],
  ['unit', ['PREPROCESS_DIFFERS']],
])('data for MobileNetV2 that goes through "%s" has the notes %j', async (preprocess, codes) => {
  const folder = await temporaryFolder();
  const records = Array.from({ length: 20 }, (_, at) => [...cifarRecord([at % 10], [at, at, at])]);
  await writeFile(path.join(folder, 'data_batch_1.bin'), Uint8Array.from(records.flat()));
  const graph = zooEntry('MobileNetV2').build({ inputSize: [32, 32], classes: 10 });
  const plan = parsePlan({
    version: 1,
    model: 'model.h5',
    data: { kind: 'cifar', train: folder, validation: 0.5, preprocess },
    phases: [{ epochs: 1, optimizer: { kind: 'sgd', learningRate: 0.1 } }],
  });
  const { notes } = await openDataFor(
    { graph, inference: inferShapes(graph) },
    plan,
    new AbortController().signal,
  );
  expect(notes.map(({ code }) => code).filter((code) => code.startsWith('PREPROCESS'))).toEqual(codes);
});
