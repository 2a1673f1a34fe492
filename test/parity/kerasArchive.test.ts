import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parameterCount, type LayerGraph } from '../../src/core/graph/layerGraph';
import { readNpy } from '../../src/data/npy';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import { Executor, type Tensorlike } from '../../src/trainer/executor';
import { repository, runPython } from '../support/python';

const SCRIPT = path.join(repository, 'test/parity/kerasArchive.py');
const CACHE = path.join(repository, '.cache/parity/keras-archive');

/** The models of the script, and how far our float32 sums may be from Keras's, relative to the largest answer. */
const CASES: readonly (readonly [name: string, tolerance: number])[] = [
  ['branches', 1e-5],
  ['sequential', 1e-5],
  ['nested', 1e-5],
  ['stacked', 1e-5],
  ['operations', 1e-5],
  ['recurrent', 1e-5],
  ['attention', 1e-5],
  ['adapted', 1e-5],
  // Fifty convolutions deep.
  ['mobile', 1e-3],
  ['trained', 1e-5],
  ['keyed', 1e-5],
];

interface Stored {
  readonly path: string;
  readonly shape: readonly number[];
}

interface Made {
  readonly name: string;
  readonly path: string;
  readonly parameters: number;
  readonly inputs: readonly Stored[];
  readonly outputs: readonly Stored[];
}

async function keras<T>(command: string): Promise<T> {
  return JSON.parse((await runPython(SCRIPT, [command, CACHE])).trim().split('\n').at(-1)!) as T;
}

async function readArray(file: string): Promise<Tensorlike> {
  const { shape, values } = await readNpy(file);
  return { shape, data: Float32Array.from(values, Number) };
}

const countParameters = (graph: LayerGraph) =>
  graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);

let made: readonly Made[];
beforeAll(async () => {
  await rm(CACHE, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  made = await keras<Made[]>('make');
  await openEngine('wasm');
});
const madeNamed = (name: string) => made.find((one) => one.name === name)!;

describe('archives of real Keras', () => {
  test.each(CASES)('%s answers as there', async (name, tolerance) => {
    const { path: file, parameters, inputs, outputs } = madeNamed(name);
    const model = await openModel(file);
    expect(model.format).toBe('keras');
    expect(model.report.filter(({ code }) => code !== 'LAYER_RENAMED')).toEqual([]);
    expect(countParameters(model.graph)).toBe(parameters);
    const reader = openWeights();
    try {
      const executor = await Executor.create(model.graph, (_, weight) => reader.read(weight));
      const fed = await Promise.all(inputs.map((input) => readArray(input.path)));
      const answers = await executor.predict(fed);
      for (const [index, { path: expectedPath }] of outputs.entries()) {
        const expected = await readArray(expectedPath);
        const found = answers[index]!;
        const scale = Math.max(...expected.data.map(Math.abs));
        const gap = Math.max(...expected.data.map((value, at) => Math.abs(value - found.data[at]!)));
        expect(found.shape).toEqual(expected.shape);
        expect(gap).toBeLessThanOrEqual(tolerance * scale);
      }
      executor.dispose();
    } finally {
      await reader.close();
    }
  });
});

describe('models that real Keras did not pack', () => {
  const weighty = CASES.filter(([name]) => name !== 'operations');
  test.each(weighty)('%s has the numbers of the archive', async (name) => {
    const expected = await numbersOf(madeNamed(name).path);
    expect(await numbersOf(path.join(CACHE, name))).toEqual(expected);
    const shards = path.join(CACHE, `${name}-shards`);
    expect((await readdir(shards)).filter((file) => file.endsWith('.h5')).length).toBeGreaterThan(1);
    expect(await numbersOf(path.join(shards, 'config.json'))).toEqual(expected);
    const alone = await openModel(path.join(shards, 'model.weights.json'));
    expect(countParameters(alone.graph)).toBe(madeNamed(name).parameters);
  });
});

/** Of each layer by name, the numbers of its weights. */
async function numbersOf(file: string): Promise<ReadonlyMap<string, readonly Float32Array[]>> {
  const { graph } = await openModel(file);
  const reader = openWeights();
  const numbers = new Map<string, readonly Float32Array[]>();
  try {
    for (const { name, weights } of graph.layers) {
      numbers.set(name, await Promise.all(weights.map((weight) => reader.read(weight))));
    }
  } finally {
    await reader.close();
  }
  return numbers;
}

describe('archives that we write', () => {
  let compared: Readonly<Record<string, { readonly difference: number; readonly scale: number }>>;
  beforeAll(async () => {
    for (const { name, path: file } of made) {
      const { graph } = await openModel(file);
      const reader = openWeights();
      try {
        const target = path.join(CACHE, `${name}-ours.keras`);
        await writeModel({ graph, weights: (_, weight) => reader.read(weight) }, target, 'keras');
      } finally {
        await reader.close();
      }
    }
    compared = await keras('load');
  });

  test.each(CASES)('%s answers the same in real Keras', (name) => {
    const { difference, scale } = compared[name]!;
    expect(difference).toBeLessThanOrEqual(1e-6 * scale);
  });
});

describe('weights without a model', () => {
  let parameters: number;
  beforeAll(async () => ({ parameters } = await keras<{ parameters: number }>('weights')));

  test.each(['new.weights.h5', 'old-weights.h5'])('%s', async (name) => {
    const model = await openModel(path.join(CACHE, name));
    expect(model.weightsOnly).toBe(true);
    expect(countParameters(model.graph)).toBe(parameters);
  });

  test('packed.h5 has the numbers of whole.h5 to half precision', async () => {
    const [whole, packed] = await Promise.all(
      ['whole.h5', 'packed.h5'].map((name) => openModel(path.join(CACHE, name))),
    );
    const reader = openWeights();
    try {
      for (const [index, layer] of whole!.graph.layers.entries()) {
        for (const [at, weight] of layer.weights.entries()) {
          const expected = await reader.read(weight);
          const found = await reader.read(packed!.graph.layers[index]!.weights[at]!);
          expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)))).toBeLessThan(5e-4);
        }
      }
    } finally {
      await reader.close();
    }
  });
});
