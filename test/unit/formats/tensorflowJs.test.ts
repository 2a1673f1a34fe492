import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfLayers from '@tensorflow/tfjs-layers';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openModel, writeModel } from '../../../src/formats/registry';
import { fixture, readJson, temporaryFolder, toWrite } from './fixtures';

type Batch = readonly (readonly unknown[])[];
interface Reference {
  readonly inputs: Batch;
  readonly outputs: Batch;
}

/** Real TensorFlow.js loads what we write, and answers as the model's first owner did. */
describe('TensorFlow.js loads', () => {
  beforeAll(async () => {
    if (!(await tf.setBackend('cpu'))) throw new Error('the cpu backend does not start');
  });

  test.each([
    ['keras3/sequential.h5', 'keras3/sequential.json'],
    ['keras3/branches.h5', 'keras3/branches.json'],
    ['keras3/nested.h5', 'keras3/nested.json'],
    ['keras2/sequential.h5', 'keras2/sequential.json'],
    ['keras2/functional.h5', 'keras2/functional.json'],
    ['tfjs/sequential-saved', 'tfjs/sequential.json'],
    ['tfjs/branches-saved', 'tfjs/branches.json'],
  ])('%s written as a TensorFlow.js model', async (name, answers) => {
    const folder = path.join(await temporaryFolder(), 'model');
    await writeModel(await toWrite(await openModel(fixture(name))), folder, 'tfjs');
    const model = await loadFolder(folder);
    const reference = await readJson<Reference>(answers);
    const predicted = model.predict(reference.inputs.map((batch) => tf.tensor(batch as number[][])));
    const outputs = Array.isArray(predicted) ? predicted : [predicted];
    expect(outputs).toHaveLength(reference.outputs.length);
    for (const [index, output] of outputs.entries()) {
      const expected = (reference.outputs[index] as unknown[]).flat(3) as number[];
      expect(output.size).toBe(expected.length);
      (await output.data()).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    }
  });
});

async function loadFolder(folder: string): Promise<tfLayers.LayersModel> {
  const json = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as {
    modelTopology: object;
    weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
  };
  const group = json.weightsManifest[0]!;
  const shards = await Promise.all(group.paths.map((shard) => readFile(path.join(folder, shard))));
  return tfLayers.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: group.weights,
      weightData: new Uint8Array(Buffer.concat(shards)).buffer,
    }),
  );
}
