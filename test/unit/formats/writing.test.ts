import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { layersById } from '../../../src/core/graph/lookup';
import type { FormatName, ModelFile } from '../../../src/formats/format';
import { formatForPath, formatNamed, openModel, writeModel } from '../../../src/formats/registry';
import { chain } from '../support/graphs';
import { failureOf, fixture, readAllWeights, temporaryFolder, toWrite } from './fixtures';

const MODELS = [
  'keras3/sequential.h5',
  'keras3/branches.h5',
  'keras3/nested.h5',
  'keras3/separable.h5',
  'keras3/custom.h5',
  'keras2/functional.h5',
  'keras2/nested.h5',
  'tfjs/sequential-saved',
  'tfjs/branches-float16',
];
const ROUNDS = MODELS.flatMap((model) => [
  { model, format: 'h5' as FormatName },
  { model, format: 'tfjs' as FormatName },
]);

describe('round trips', () => {
  test.each(ROUNDS)('$model through $format', async ({ model: name, format }) => {
    const model = await openModel(fixture(name));
    const target = path.join(await temporaryFolder(), format === 'h5' ? 'model.h5' : 'model');
    await writeModel(await toWrite(model), target, format);
    const again = await openModel(target);
    expect(again.format).toBe(format);
    expect(sortedStructure(again)).toEqual(sortedStructure(model));
    expect(sorted(await readAllWeights(again))).toEqual(sorted(await readAllWeights(model)));
  });

  test('labels and groups come back', async () => {
    const model = await openModel(fixture('keras3/nested.h5'));
    const folder = await temporaryFolder();
    for (const format of ['h5', 'tfjs'] as const) {
      const target = path.join(folder, `model-${format}`);
      await writeModel({ ...(await toWrite(model)), labels: ['cat', 'dog'] }, target, format);
      const again = await openModel(target);
      expect(again.labels).toEqual(['cat', 'dog']);
      expect(again.graph.layers.find((layer) => layer.name === 'norm')?.group).toEqual(['backbone']);
    }
  });

  test('an .h5 is the same bytes whenever it is written', async () => {
    const model = await openModel(fixture('keras3/branches.h5'));
    const folder = await temporaryFolder();
    vi.useFakeTimers({ toFake: ['Date'] });
    const written = [];
    for (const year of [2024, 2026]) {
      vi.setSystemTime(Date.UTC(year, 0));
      const target = path.join(folder, `${year}.h5`);
      await writeModel(await toWrite(model), target, 'h5');
      written.push(await readFile(target));
    }
    vi.useRealTimers();
    expect(written[0]!.equals(written[1]!)).toBe(true);
  });

  test('shards are 4 MB but the last', async () => {
    const graph = chain([null, 1500], {
      kind: 'Dense',
      name: 'wide',
      config: { units: 1500 },
      weights: { kernel: [1500, 1500], bias: [1500] },
    });
    const folder = path.join(await temporaryFolder(), 'model');
    const weights = async (_: string, { shape }: { shape: readonly number[] }) =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index % 1009);
    await writeModel({ graph, weights }, folder, 'tfjs');
    const files = (await readdir(folder)).sort();
    expect(files).toEqual([
      'group1-shard1of3.bin',
      'group1-shard2of3.bin',
      'group1-shard3of3.bin',
      'model.json',
    ]);
    expect((await readFile(path.join(folder, files[0]!))).length).toBe(4 * 2 ** 20);
    const read = await readAllWeights(await openModel(folder));
    expect(read.get('wide/kernel')!.every((value, index) => value === index % 1009)).toBe(true);
  });

  test('names longer than an HDF5 attribute are cut and joined', async () => {
    const links = Array.from({ length: 900 }, (_, index) => ({
      kind: 'ReLU',
      name: `${'a_long_name_that_takes_room_'.repeat(3)}${index}`,
    }));
    const target = path.join(await temporaryFolder(), 'long.h5');
    await writeModel({ graph: chain([null, 4], ...links), weights: noWeights }, target, 'h5');
    const again = await openModel(target);
    expect(again.graph.layers.slice(1).map((layer) => layer.name)).toEqual(links.map((link) => link.name));
  });
});

describe('files', () => {
  test('are not overwritten unless told', async () => {
    const folder = await temporaryFolder();
    const model = await toWrite(await openModel(fixture('keras3/branches.h5')));
    const file = path.join(folder, 'taken.h5');
    await writeFile(file, 'precious');
    const failure = await failureOf(writeModel(model, file, 'h5'));
    expect(failure).toMatchObject({ kind: 'usage', code: 'FILE_EXISTS', path: file });
    expect(await readFile(file, 'utf8')).toBe('precious');
    await writeModel(model, file, 'h5', { force: true });
    expect((await openModel(file)).format).toBe('h5');

    const directory = path.join(folder, 'taken');
    await mkdir(directory);
    await writeFile(path.join(directory, 'old.bin'), 'precious');
    expect(await failureOf(writeModel(model, directory, 'tfjs'))).toMatchObject({ code: 'FILE_EXISTS' });
    await writeModel(model, directory, 'tfjs', { force: true });
    expect((await readdir(directory)).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
    expect((await readdir(folder)).sort()).toEqual(['taken', 'taken.h5']);
  });

  test.each(['h5', 'tfjs'] as const)('nothing is left of %s when a weight cannot be read', async (format) => {
    const folder = await temporaryFolder();
    const model = await toWrite(await openModel(fixture('keras3/branches.h5')));
    const weights = async () => Promise.reject(new Error('the disk is gone'));
    await expect(writeModel({ ...model, weights }, path.join(folder, 'model'), format)).rejects.toThrow(
      'the disk is gone',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  test('a weight of another size is refused', async () => {
    const model = await toWrite(await openModel(fixture('keras3/branches.h5')));
    for (const format of ['h5', 'tfjs'] as const) {
      const target = path.join(await temporaryFolder(), 'model');
      const failure = await failureOf(
        writeModel({ ...model, weights: async () => new Float32Array(1) }, target, format),
      );
      expect(failure).toMatchObject({ code: 'WEIGHT_SIZE', layer: 'shared' });
    }
  });

  test('a layer name with a slash cannot be written to .h5', async () => {
    const graph = chain([null, 4], { kind: 'ReLU', name: 'block/relu' });
    const target = path.join(await temporaryFolder(), 'model.h5');
    const failure = await failureOf(writeModel({ graph, weights: noWeights }, target, 'h5'));
    expect(failure).toMatchObject({ code: 'LAYER_NAME', layer: 'block/relu' });
  });
});

test('formats by name and by path', () => {
  expect(formatNamed('h5').extensions).toContain('.h5');
  expect(() => formatNamed('tiff')).toThrow('no format is named "tiff"; expected one of h5, ');
  expect(formatForPath('a/b.H5').name).toBe('h5');
  expect(formatForPath('a/folder').name).toBe('tfjs');
  expect(() => formatForPath('a/b.png')).toThrow('no format has the extension ".png"');
});

async function noWeights(): Promise<Float32Array> {
  throw new Error('the model has no weights');
}

/** What must survive: all but ids, sources, and the order of layers that do not depend on each other. */
function sortedStructure({ graph }: ModelFile) {
  const byId = layersById(graph);
  const tensor = (ref: LayerGraph['outputs'][number]) => [byId.get(ref.layer)?.name, ref.call, ref.output];
  return {
    sequential: graph.sequential,
    inputs: graph.inputs.map(tensor),
    outputs: graph.outputs.map(tensor),
    layers: sorted(
      new Map(
        graph.layers.map((layer) => [
          layer.name,
          {
            kind: layer.kind,
            config: layer.config,
            calls: layer.calls.map((call) => call.inputs.map(tensor)),
            weights: layer.weights.map(({ name, shape, role }) => ({ name, shape, role })),
            trainable: layer.trainable,
            group: layer.group,
            opaque: layer.opaque,
          },
        ]),
      ),
    ),
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
