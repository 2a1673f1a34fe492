import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferShapes, shapeOf } from '../../src/core/graph/infer';
import { openModel, writeModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';

/** Layers that Keras adapted to data (vocabularies.py): read, computed, and written again for Keras. */
describe('vocabularies of Keras', () => {
  let folder: string;
  let outputs: readonly (readonly (readonly number[])[])[];

  async function keras(command: string): Promise<typeof outputs> {
    const printed = await runPython(path.join(repository, 'test/parity/vocabularies.py'), [command, folder]);
    return JSON.parse(printed.trim().split('\n').at(-1)!) as typeof outputs;
  }

  beforeAll(async () => {
    await openEngine('wasm');
    folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-vocabularies-'));
    outputs = await keras('make');
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const rewrite = async (name: string) => {
    const { graph, report } = await openModel(path.join(folder, `${name}.keras`));
    expect(report).toEqual([]);
    const weights = () => Promise.reject(new Error('no layer here has weights'));
    await writeModel({ graph, weights }, path.join(folder, `again-${name}.keras`), 'keras');
    return graph;
  };

  it('are read from beside the weights, computed with, and written', async () => {
    const graph = await rewrite('numbers');
    const executor = await executorOf(graph);
    const found = await executor.predict([
      { shape: [2, 3], data: Float32Array.of(3, 5, 9, 4, 5, 7) },
      { shape: [2, 2], data: Float32Array.of(0.1, 0.5, 0.9, -2) },
    ]);
    executor.dispose();
    expect(found.map(({ data }) => [...data])).toEqual(outputs.slice(0, 5).map((rows) => rows.flat()));

    const texts = await rewrite('texts');
    const inference = inferShapes(texts);
    expect(texts.outputs.map((output) => shapeOf(inference, output))).toEqual([
      [null, 4],
      [null, 1],
    ]);
    await expect(executorOf(texts)).rejects.toThrow('has text where tensors hold numbers');
    expect(await keras('answer')).toEqual(outputs);
  }, 120_000);
});
