import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parameterCount } from '../../../src/core/graph/layerGraph';
import { openModel } from '../../../src/formats/registry';
import { fixture, graphText, readAllWeights, readJson, weightsOf } from './fixtures';

const H5 = [
  'keras3/sequential',
  'keras3/branches',
  'keras3/nested',
  'keras3/separable',
  'keras3/custom',
  'keras2/sequential',
  'keras2/functional',
  'keras2/nested',
];
const TFJS = [
  'tfjs/sequential-saved',
  'tfjs/sequential-uint8',
  'tfjs/sequential-uint16',
  'tfjs/sequential-float16',
  'tfjs/branches-saved',
  'tfjs/branches-float16',
];

interface H5Reference {
  readonly parameters: number;
  readonly weights: readonly {
    readonly dataset: string;
    readonly shape: readonly number[];
    readonly sum: number;
    readonly first: readonly number[];
  }[];
}

interface TfjsReference {
  readonly parameters: number;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

describe('graphs', () => {
  test.each(H5)('%s.h5', async (name) => {
    const model = await openModel(fixture(`${name}.h5`));
    await expect(graphText(model)).toMatchFileSnapshot(`../../golden/formats/${name.replace('/', '-')}.txt`);
  });

  test.each(TFJS)('%s', async (name) => {
    const model = await openModel(fixture(name));
    await expect(graphText(model)).toMatchFileSnapshot(`../../golden/formats/${name.replace('/', '-')}.txt`);
  });

  test('a folder and the model.json in it are the same model', async () => {
    const folder = await openModel(fixture('tfjs/branches-saved'));
    const file = await openModel(fixture('tfjs/branches-saved/model.json'));
    expect(folder).toEqual(file);
    expect(folder.path).toBe(fixture('tfjs/branches-saved/model.json'));
  });
});

describe('weights', () => {
  test.each(H5.filter((name) => name !== 'keras2/nested'))(
    '%s.h5 has the numbers Keras has',
    async (name) => {
      const model = await openModel(fixture(`${name}.h5`));
      const reference = await readJson<H5Reference>(`${name}.json`);
      const total = model.graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);
      expect(total).toBe(reference.parameters);
      const expected = new Map(reference.weights.map((weight) => [weight.dataset, weight]));
      const values = await readAllWeights(model);
      expect(values.size).toBe(reference.weights.length);
      for (const { layer, weight } of weightsOf(model)) {
        if (weight.source.from !== 'dataset') throw new Error(`${weight.name} is in no dataset`);
        const found = values.get(`${layer.name}/${weight.name}`)!;
        const { shape, sum, first } = expected.get(weight.source.dataset)!;
        expect(weight.shape).toEqual(shape);
        expect([...found.subarray(0, 4)]).toEqual(first.map(Math.fround));
        expect(found.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 4);
      }
    },
  );

  // Half a quantization step, or half precision's eleven bits, of values below 1.5.
  const TOLERANCE: Readonly<Record<string, number>> = { saved: 0, uint8: 4e-3, uint16: 2e-5, float16: 1e-3 };

  test.each(TFJS)('%s has the numbers TensorFlow.js has', async (name) => {
    const [architecture = '', variant = ''] = name.split('-');
    const reference = await readJson<TfjsReference>(`${architecture}.json`);
    const model = await openModel(fixture(name));
    const values = await readAllWeights(model);
    expect(values.size).toBe(Object.keys(reference.weights).length);
    for (const [written, expected] of Object.entries(reference.weights)) {
      const found = values.get(written.replace('depthwise_kernel', 'kernel'));
      expect(found, written).toHaveLength(expected.length);
      found!.forEach((value, index) => {
        expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(TOLERANCE[variant]!);
      });
    }
  });

  test('a weight may span shards', async () => {
    const model = await openModel(fixture('tfjs/sequential-uint16'));
    const kernel = weightsOf(model).find(
      ({ layer, weight }) => layer.name === 'classes' && weight.name === 'kernel',
    );
    const source = kernel?.weight.source;
    expect(source?.from === 'ranges' && source.ranges.map((range) => path.basename(range.path))).toEqual([
      'group1-shard1of3.bin',
      'group1-shard2of3.bin',
      'group1-shard3of3.bin',
    ]);
  });

  test('opening reads no weight, and nothing writes to the file', async () => {
    const file = fixture('keras3/sequential.h5');
    const before = await readFile(file);
    const { mtimeMs } = await stat(file);
    const model = await openModel(file);
    expect(new Set(weightsOf(model).map(({ weight }) => weight.source.from))).toEqual(new Set(['dataset']));
    await readAllWeights(model);
    expect((await readFile(file)).equals(before)).toBe(true);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });
});

test('weights alone are layers that nothing connects', async () => {
  const model = await openModel(fixture('keras3/only.weights.h5'));
  expect(model).toMatchObject({ format: 'h5', weightsOnly: true, report: [{ code: 'WEIGHTS_ONLY' }] });
  expect(model.graph).toMatchObject({ inputs: [], outputs: [] });
  expect(model.graph.layers.length).toBeGreaterThan(0);
  expect(model.graph.layers.every((layer) => layer.calls.length === 0 && layer.opaque)).toBe(true);
  const weights = [...(await readAllWeights(model)).values()];
  expect(weights.length).toBeGreaterThan(0);
  expect(weights.every((values) => values.length > 0)).toBe(true);
});
