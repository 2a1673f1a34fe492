import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openModel, writeModel } from '../../../src/formats/registry';
import { variablePlaces } from '../../../src/formats/kerasArchive/variablePaths';
import { openZip } from '../../../src/formats/zip/zipFile';
import { rawZip, type RawEntry } from '../../support/rawZip';
import { failureOf, fixture, graphText, readAllWeights, temporaryFolder, toWrite } from './fixtures';

const NESTED = fixture('kerasArchive/nested.keras');
const LIMIT = 2 ** 24;

interface Layers {
  config: { layers: { class_name: string; config: Record<string, unknown>; inbound_nodes: unknown[] }[] };
}

/** A good archive's entries, to be made worse. */
async function entriesOf(file: string): Promise<Record<string, Buffer>> {
  const zip = await openZip(file);
  const read = zip.entries.map(async (entry) => [entry.name, Buffer.from(await zip.readEntry(entry, LIMIT))]);
  const entries = Object.fromEntries(await Promise.all(read)) as Record<string, Buffer>;
  zip.close();
  return entries;
}

async function save(
  entries: Readonly<Record<string, Buffer | string>>,
  as: Partial<RawEntry> = {},
): Promise<string> {
  const file = path.join(await temporaryFolder(), 'model.keras');
  const listed = Object.entries(entries).map(([name, data]) => ({ ...as, name, data }));
  await writeFile(file, rawZip(listed));
  return file;
}

async function withConfig(edit: (model: Layers) => void): Promise<string> {
  const entries = await entriesOf(NESTED);
  const model = JSON.parse(entries['config.json']!.toString()) as Layers;
  edit(model);
  return save({ ...entries, 'config.json': JSON.stringify(model) });
}

describe('a Keras archive', () => {
  test('of nested and shared layers', async () => {
    const model = await openModel(NESTED);
    expect(model).toMatchObject({ format: 'keras', report: [], nested: ['tower'] });
    const text = graphText(model);
    expect(text).toContain('a: Dense(pool) (table) → (None, 3), 12 params, in tower');
    expect(text).toContain('outputs: b, b#1');
    const sources = model.graph.layers.flatMap((layer) => layer.weights.map(({ source }) => source));
    expect(sources).toContainEqual({
      from: 'dataset',
      path: NESTED,
      entry: 'model.weights.h5',
      dataset: 'layers/sequential/layers/dense_1/vars/0',
    });
  });

  test('of operations, as the layers that compute the same', async () => {
    const model = await openModel(fixture('kerasArchive/operations.keras'));
    expect(model.graph.layers.map((layer) => layer.kind)).toEqual(
      expect.arrayContaining(['Multiply', 'Rescaling', 'ReLU', 'Subtract', 'GetItem']),
    );
    expect(model.report).toEqual([]);
    expect(model.graph.layers.find((layer) => layer.kind === 'GetItem')?.config).toHaveProperty('key');
  });

  test('of an operation that nothing computes: it is opaque, and not written', async () => {
    const entries = await entriesOf(fixture('kerasArchive/operations.keras'));
    const config = entries['config.json']!.toString().replaceAll('"GetItem"', '"Var"');
    const model = await openModel(await save({ ...entries, 'config.json': config }));
    expect(model.report).toMatchObject([{ code: 'LAYER_KIND_UNKNOWN', layer: 'get_item' }]);
    const failure = await failureOf(
      writeModel(await toWrite(model), path.join(await temporaryFolder(), 'a.keras'), 'keras'),
    );
    expect(failure).toMatchObject({ code: 'LAYER_OPAQUE', layer: 'get_item' });
  });

  test.each(['nested', 'wrapped'])('%s has the same numbers when written again', async (name) => {
    const model = await openModel(fixture(`kerasArchive/${name}.keras`));
    const folder = await temporaryFolder();
    const target = path.join(folder, 'again.keras');
    await writeModel({ ...(await toWrite(model)), labels: ['yes', 'no'] }, target, 'keras');
    expect(await readdir(folder)).toEqual(['again.keras']);
    const again = await openModel(target);
    expect(again.labels).toEqual(['yes', 'no']);
    expect(again.graph.sequential).toBe(model.graph.sequential);
    expect(await readAllWeights(again)).toEqual(await readAllWeights(model));
  });

  test('packed tighter than Keras does', async () => {
    const packed = await save(await entriesOf(NESTED), { deflate: true });
    expect(await readAllWeights(await openModel(packed))).toEqual(
      await readAllWeights(await openModel(NESTED)),
    );
  });

  test('by its content, whatever its name', async () => {
    const file = path.join(await temporaryFolder(), 'model.h5');
    await writeFile(file, await readFile(NESTED));
    expect((await openModel(file)).format).toBe('keras');
  });
});

test('groups go by classes, counted in order; operations and a Sequential’s input do not count', () => {
  const layer = (class_name: string, name: string, more: object = {}) => ({
    class_name,
    config: { name, ...more },
  });
  const inner = { layers: [layer('InputLayer', 'in'), layer('PReLU', 'p')] };
  const layers = [
    layer('Conv2D', 'x'),
    { ...layer('Add', 'sum'), module: 'keras.src.ops.numpy' },
    layer('Conv2D', 'y'),
    layer('Add', 'z'),
    layer('Sequential', 's', inner),
  ];
  const places = variablePlaces({ config: { layers, input_layers: [] } });
  expect([...places.values()].map(({ group }) => group)).toEqual([
    'layers/conv2d',
    'layers/conv2d_1',
    'layers/add',
    'layers/sequential',
    'layers/sequential/layers/p_re_lu',
  ]);
});

describe('a bad Keras archive', () => {
  test('cut short anywhere', async () => {
    const whole = await readFile(NESTED);
    const file = path.join(await temporaryFolder(), 'cut.keras');
    for (const length of [4, 30, 200, 5000, whole.length - 400, whole.length - 22, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length));
      expect(await failureOf(openModel(file))).toMatchObject({
        kind: 'input',
        code: 'ZIP_CORRUPT',
        path: file,
      });
    }
  });

  test.each(['config.json', 'model.weights.h5'])('without %s', async (name) => {
    const entries = await entriesOf(NESTED);
    delete entries[name];
    const failure = await failureOf(openModel(await save(entries)));
    expect(failure).toMatchObject({
      kind: 'input',
      code: name === 'config.json' ? 'NOT_A_MODEL' : 'KERAS_WEIGHTS',
    });
  });

  test.each<[string, Buffer | string, string]>([
    ['no JSON', '{"class_name": ', 'MODEL_CONFIG'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'MODEL_CONFIG'],
    ['no model', '{"class_name": "Functional", "config": {}}', 'MODEL_CONFIG'],
    ['deeper than any model', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'MODEL_CONFIG'],
  ])('whose configuration is %s', async (_, config, code) => {
    const file = await save({ ...(await entriesOf(NESTED)), 'config.json': config });
    expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code });
  });

  test('whose weights are no HDF5, or cut short', async () => {
    const entries = await entriesOf(NESTED);
    const text = await save({ ...entries, 'model.weights.h5': 'not these' });
    expect(await failureOf(openModel(text))).toMatchObject({ kind: 'input', code: 'NOT_A_MODEL' });
    const cut = await save({
      ...entries,
      'model.weights.h5': entries['model.weights.h5']!.subarray(0, 3000),
    });
    expect(await failureOf(openModel(cut))).toMatchObject({ kind: 'input', code: 'H5_TRUNCATED' });
  });

  test('whose layers and weights disagree', async () => {
    const wider = await withConfig(({ config }) => (config.layers[1]!.config.filters = 5));
    expect(await failureOf(openModel(wider))).toMatchObject({ code: 'WEIGHT_SHAPE', layer: 'first' });
    const more = await withConfig(({ config }) => {
      const pool = config.layers.find((layer) => layer.class_name === 'GlobalAveragePooling2D')!;
      Object.assign(pool, { class_name: 'BatchNormalization', module: 'keras.layers' });
      delete pool.config.data_format;
      delete pool.config.keepdims;
    });
    expect(await failureOf(openModel(more))).toMatchObject({ code: 'WEIGHT_MISSING', layer: 'pool' });
  });

  test('whose layers go in circles', async () => {
    const file = await withConfig(({ config }) => {
      const [, first, second] = config.layers;
      const node = JSON.stringify(second!.inbound_nodes).replaceAll('"first"', '"second"');
      first!.inbound_nodes = JSON.parse(node) as unknown[];
    });
    expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'GRAPH_CYCLE' });
  });
});
