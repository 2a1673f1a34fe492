import { copyFile, cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../../src/formats/fingerprint';
import { openModel, writeModel } from '../../../src/formats/registry';
import { editH5 } from '../../support/editH5';
import { failureOf, fixture, graphText, readAllWeights, temporaryFolder, toWrite } from './fixtures';

const PACKED = fixture('kerasArchive/nested.keras');
const UNPACKED = fixture('kerasArchive/unpacked');
const SHARDED = fixture('kerasArchive/sharded');

/** The same model unpacked, its weights in three files. */
async function shardedFolder(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'model');
  await cp(SHARDED, folder, { recursive: true });
  for (const name of ['config.json', 'metadata.json']) {
    await copyFile(path.join(UNPACKED, name), path.join(folder, name));
  }
  return folder;
}

async function indexOf(weight_map: unknown): Promise<string> {
  const folder = await temporaryFolder();
  await cp(SHARDED, folder, { recursive: true });
  const file = path.join(folder, 'model.weights.json');
  await writeFile(file, JSON.stringify({ metadata: { total_size: 1 }, weight_map }));
  return file;
}

describe('a model that Keras did not pack', () => {
  test.each(['', 'config.json', 'metadata.json'])('opened by its folder or %s', async (name) => {
    const model = await openModel(path.join(UNPACKED, name));
    const packed = await openModel(PACKED);
    expect(model).toMatchObject({ format: 'keras', path: path.join(UNPACKED, 'config.json'), report: [] });
    expect(graphText(model)).toBe(graphText(packed));
    expect(await readAllWeights(model)).toEqual(await readAllWeights(packed));
  });

  test('with its weights in several files', async () => {
    const folder = await shardedFolder();
    const model = await openModel(path.join(folder, 'config.json'));
    const packed = await openModel(PACKED);
    expect(graphText(model)).toBe(graphText(packed));
    expect(await readAllWeights(model)).toEqual(await readAllWeights(packed));
    const target = path.join(await temporaryFolder(), 'again.keras');
    await writeModel(await toWrite(model), target, 'keras');
    expect(await readAllWeights(await openModel(target))).toEqual(await readAllWeights(packed));
  });

  test('is another model when its weights are others', async () => {
    const folder = await shardedFolder();
    const config = path.join(folder, 'config.json');
    const before = await fingerprintOf(config);
    expect(await fingerprintOf(folder)).toEqual(before);
    await editH5(path.join(folder, 'model_00002.weights.h5'), (file) => file.create_group('more'));
    expect((await fingerprintOf(config)).sha256).not.toBe(before.sha256);
    const index = path.join(folder, 'model.weights.json');
    expect((await fingerprintOf(index)).bytes).toBeGreaterThan(40_000);
  });

  test('without weights', async () => {
    const folder = await temporaryFolder();
    for (const name of ['config.json', 'metadata.json']) {
      await copyFile(path.join(UNPACKED, name), path.join(folder, name));
    }
    const failure = await failureOf(openModel(folder));
    expect(failure).toMatchObject({ kind: 'input', code: 'KERAS_WEIGHTS' });
    expect(failure.message).toContain('expected model.weights.h5');
  });

  test('whose config.json is somebody else’s, is none', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'config.json');
    await writeFile(file, '{"architectures": ["BertModel"]}');
    expect(await failureOf(openModel(file))).toMatchObject({ code: 'NOT_A_MODEL' });
    await writeFile(path.join(folder, 'metadata.json'), '{}');
    expect(await failureOf(openModel(file))).toMatchObject({ code: 'MODEL_CONFIG' });
    await rm(path.join(folder, 'config.json'));
    expect(await failureOf(openModel(path.join(folder, 'metadata.json')))).toMatchObject({
      code: 'NOT_A_MODEL',
    });
  });
});

describe('weights in several files, without a model', () => {
  test('are the layers of all of them, by their own names', async () => {
    const model = await openModel(path.join(SHARDED, 'model.weights.json'));
    expect(model).toMatchObject({ format: 'h5', weightsOnly: true, report: [{ code: 'WEIGHTS_ONLY' }] });
    expect(model.graph.layers.map(({ name }) => name)).toEqual(['first', 'second', 'tower/a', 'tower/b']);
    const found = [...(await readAllWeights(model)).values()];
    expect(found).toEqual([...(await readAllWeights(await openModel(PACKED))).values()]);
  });

  test.each<[string, unknown, string, string]>([
    ['no list', undefined, 'H5_INDEX', 'found no weight_map'],
    ['numbers for files', { '/layers/a/vars': [1] }, 'H5_INDEX', 'found the files [1] of "/layers/a/vars"'],
    ['no file', { '/layers/a/vars': [] }, 'H5_INDEX', 'found the files []'],
    ['no weights', {}, 'NOT_A_MODEL', 'found no weights by layer'],
    ['a file that is not there', { '/layers/a/vars': 'x.h5' }, 'SHARD_MISSING', 'x.h5 is missing'],
    ['a file above', { '/layers/a/vars': '../x.h5' }, 'SHARD_PATH', 'lies outside'],
    ['itself', { '/layers/a/vars': 'model.weights.json' }, 'NOT_A_MODEL', 'is not an HDF5 file'],
    ['an endless path', { ['/a'.repeat(50_000)]: 'model_00000.weights.h5' }, 'H5_INDEX', 'a path of 100000'],
    ['groups too deep', { ['/a'.repeat(100)]: 'model_00000.weights.h5' }, 'H5_CORRUPT', 'groups without end'],
    [
      'too many files',
      Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`/layers/${at}/vars`, `${at}.h5`])),
      'H5_INDEX',
      'found 300 files, expected at most 256',
    ],
  ])('whose index names %s', async (_, map, code, message) => {
    const failure = await failureOf(openModel(await indexOf(map)));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
  });

  test('whose index names a file that has them not', async () => {
    const folder = await shardedFolder();
    const index = path.join(folder, 'model.weights.json');
    const map = { '/layers/conv2d/vars': 'model_00002.weights.h5' };
    await writeFile(index, JSON.stringify({ weight_map: map }));
    expect(await failureOf(openModel(folder))).toMatchObject({ code: 'WEIGHT_MISSING', layer: 'first' });
  });
});
