import { cp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import { failureOf, fixture, readAllWeights, temporaryFolder, weightsOf } from './fixtures';

const GOOD_H5 = fixture('keras3/sequential.h5');

describe('.h5', () => {
  test.each([28359, 20000, 2048, 96, 48])('cut to %i bytes', async (length) => {
    const file = path.join(await temporaryFolder(), 'cut.h5');
    await cp(GOOD_H5, file);
    await truncate(file, length);
    const failure = await failureOf(openModel(file));
    expect(failure).toMatchObject({ kind: 'input', code: 'H5_TRUNCATED', path: file });
    expect(failure.message).toBe(
      `${file}: the file is cut short: found ${length} bytes, expected 28360; copy or download it again`,
    );
  });

  test.each([8, 20, 47])('cut to %i bytes, before it says its length', async (length) => {
    const file = path.join(await temporaryFolder(), 'cut.h5');
    await cp(GOOD_H5, file);
    await truncate(file, length);
    const failure = await failureOf(openModel(file));
    expect(failure).toMatchObject({ kind: 'input', code: 'H5_TRUNCATED', path: file });
    expect(failure.message).toContain(`found ${length} bytes, which is less than its header`);
  });

  test.each([
    ['text', 'epoch,loss\n1,0.5\n', 'text, begins with "epoch,loss 1,0.5"'],
    ['nothing', '', 'an empty file'],
    ['a web page', '<!DOCTYPE html><html>', 'a web page (the download may have failed)'],
    [
      'an LFS pointer',
      'version https://git-lfs.github.com/spec/v1\n',
      'a Git LFS pointer (run "git lfs pull")',
    ],
    ['a .keras file', 'PK\u0003\u0004', 'a ZIP archive that is no model of any framework'],
    ['bytes', '\u0001\u0002\u0003', 'data of an unknown kind, begins with 01 02 03'],
  ])('that is %s', async (_, content, looksLike) => {
    const file = path.join(await temporaryFolder(), 'model.h5');
    await writeFile(file, content);
    const failure = await failureOf(openModel(file));
    expect(failure).toMatchObject({ kind: 'input', code: 'NOT_A_MODEL', path: file });
    expect(failure.message).toMatch(/, expected one of Keras HDF5, .*PyTorch, ONNX, safetensors$/);
    expect(failure.message.startsWith(`${file}: found ${looksLike}, expected `)).toBe(true);
  });

  test('that is not there', async () => {
    expect(await failureOf(openModel('/nowhere/model.h5'))).toMatchObject({
      kind: 'input',
      code: 'FILE_MISSING',
    });
  });

  test('content decides, not the extension', async () => {
    const folder = await temporaryFolder();
    await cp(GOOD_H5, path.join(folder, 'model.json'));
    await cp(fixture('tfjs/branches-saved/model.json'), path.join(folder, 'model.h5'));
    await cp(fixture('tfjs/branches-saved/weights.bin'), path.join(folder, 'weights.bin'));
    expect((await openModel(path.join(folder, 'model.json'))).format).toBe('h5');
    expect((await openModel(path.join(folder, 'model.h5'))).format).toBe('tfjs');
  });

  test.each([
    ['bomb', 'H5_CORRUPT', 'a claim of 1099511627776 bytes'],
    ['external_link', 'H5_CORRUPT', 'no dataset of this file'],
    ['virtual', 'H5_CORRUPT', 'a view of other datasets'],
    ['group_for_weight', 'H5_CORRUPT', 'expected a dataset'],
    ['text_for_weight', 'H5_CORRUPT', 'expected one of float32'],
    ['no_weight', 'H5_CORRUPT', 'found nothing, expected a dataset'],
    ['wrong_shape', 'WEIGHT_SHAPE', 'found shape [3, 3, 1, 5], expected [3, 3, 1, 4]'],
  ])('hostile: %s', async (name, code, message) => {
    const failure = await failureOf(openModel(fixture(`hostile/${name}.h5`)));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
  });

  test('hostile: a dataset whose bytes are in another file is never read', async () => {
    const model = await openModel(fixture('hostile/external_storage.h5'));
    const failure = await failureOf(readAllWeights(model));
    expect(failure).toMatchObject({ kind: 'input', code: 'H5_CORRUPT' });
    expect(failure.message).toContain('unable to open external raw data file');
  });

  test('damage ends in a failure, and a good file opens after it', async () => {
    const good = await readFile(GOOD_H5);
    const file = path.join(await temporaryFolder(), 'damaged.h5');
    let state = 7;
    const draw = (limit: number) => (state = (state * 48271) % 2147483647) % limit;
    const codes = new Set<string>();
    for (let round = 0; round < 150; round++) {
      const damaged = Buffer.from(good);
      for (let byte = 0; byte < 8; byte++) damaged[draw(good.length)] = draw(256);
      await writeFile(file, damaged);
      const outcome = await openModel(file)
        .then(readAllWeights)
        .then(
          () => 'opened',
          (cause: { code?: string }) => cause.code ?? String(cause),
        );
      codes.add(outcome);
    }
    expect(
      [...codes].every((code) => /^[A-Z0-9_]+$|^opened$/.test(code)),
      [...codes].join(),
    ).toBe(true);
    expect(codes.has('H5_CORRUPT') && codes.has('opened')).toBe(true);
    expect((await readAllWeights(await openModel(GOOD_H5))).size).toBe(8);
  });
});

describe('TensorFlow.js', () => {
  async function copyOf(name: string): Promise<string> {
    const folder = path.join(await temporaryFolder(), 'model');
    await cp(fixture(`tfjs/${name}`), folder, { recursive: true });
    return folder;
  }

  async function editJson(folder: string, edit: (json: TfjsJson) => void): Promise<void> {
    const file = path.join(folder, 'model.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as TfjsJson;
    edit(json);
    await writeFile(file, JSON.stringify(json));
  }

  interface TfjsJson {
    format: string;
    modelTopology: unknown;
    weightsManifest: {
      paths: string[];
      weights: { name: string; shape: number[]; dtype: string; quantization?: Record<string, unknown> }[];
    }[];
  }

  test('a shard that is missing', async () => {
    const folder = await copyOf('sequential-uint8');
    await rm(path.join(folder, 'group1-shard2of2.bin'));
    const failure = await failureOf(openModel(folder));
    expect(failure).toMatchObject({ kind: 'input', code: 'SHARD_MISSING' });
    expect(failure.message).toContain('the shard group1-shard2of2.bin is missing');
    expect(failure.path).toBe(path.join(folder, 'group1-shard2of2.bin'));
  });

  test.each([
    ['group1-shard1of3.bin', 40, 100],
    ['group1-shard2of3.bin', 99, 100],
    ['group1-shard3of3.bin', 3, 52],
  ])('%s cut short', async (shard, found, expected) => {
    const folder = await copyOf('sequential-uint16');
    await truncate(path.join(folder, shard), found);
    const failure = await failureOf(openModel(folder));
    expect(failure).toMatchObject({ kind: 'input', code: 'SHARD_SHORT', path: path.join(folder, shard) });
    expect(failure.message).toContain(`${shard} is cut short: found ${found} bytes, expected ${expected}`);
  });

  test('one of two shards of an unusual size cut short', async () => {
    const folder = await copyOf('sequential-uint8');
    await truncate(path.join(folder, 'group1-shard1of2.bin'), 40);
    const failure = await failureOf(openModel(folder));
    expect(failure.message).toContain(
      'the shards group1-shard1of2.bin, group1-shard2of2.bin are cut short: found 66 bytes, expected 126',
    );
  });

  test.each(['../secret.bin', '/etc/hostname', 'https://example.com/w.bin', 'a/../../secret.bin', 'a\0b'])(
    'a shard at %j',
    async (shard) => {
      const folder = await copyOf('branches-saved');
      await writeFile(path.join(folder, '..', 'secret.bin'), new Uint8Array(1000));
      await editJson(folder, (json) => (json.weightsManifest[0]!.paths = [shard]));
      const failure = await failureOf(openModel(folder));
      expect(failure).toMatchObject({ kind: 'input', code: 'SHARD_PATH' });
      expect(failure.message).toContain(JSON.stringify(shard));
    },
  );

  test('a shard that is a folder, and one behind a link that is fine', async () => {
    const folder = await copyOf('branches-saved');
    const shard = path.join(folder, 'weights.bin');
    await cp(shard, path.join(folder, '..', 'blob'));
    await rm(shard);
    await symlink('../blob', shard);
    expect((await openModel(folder)).format).toBe('tfjs');
    await rm(shard);
    await mkdir(shard);
    expect(await failureOf(openModel(folder))).toMatchObject({ code: 'SHARD_PATH' });
  });

  test('a shard that shrinks after opening', async () => {
    const folder = await copyOf('branches-saved');
    const model = await openModel(folder);
    await truncate(path.join(folder, 'weights.bin'), 10);
    expect(await failureOf(readAllWeights(model))).toMatchObject({ kind: 'input', code: 'FILE_SHORT' });
  });

  test.each<[string, string, string, (json: TfjsJson) => void]>([
    ['layers called a graph', 'MODEL_CONFIG', 'node: found nothing', (json) => (json.format = 'graph-model')],
    ['no nodes', 'NOT_A_MODEL', 'no operation', (json) => (json.modelTopology = { node: [] })],
    ['no topology', 'MODEL_CONFIG', 'found null', (json) => (json.modelTopology = null)],
    [
      'a shape that is none',
      'MODEL_CONFIG',
      'found -3',
      (json) => (json.weightsManifest[0]!.weights[0]!.shape = [-3, 2]),
    ],
    [
      'sizes beyond counting',
      'MODEL_CONFIG',
      'size in bytes',
      (json) => (json.weightsManifest[0]!.weights[0]!.shape = [2 ** 40, 2 ** 40]),
    ],
    [
      'complex numbers',
      'MODEL_CONFIG',
      'the type complex64',
      (json) => (json.weightsManifest[0]!.weights[0]!.dtype = 'complex64'),
    ],
    [
      'numbers for texts',
      'SHARD_SHORT',
      'a weight of texts reaches to',
      (json) => (json.weightsManifest[0]!.weights[0]!.dtype = 'string'),
    ],
    [
      'another shape',
      'WEIGHT_SHAPE',
      'expected [3, 3, 2, 2]',
      (json) => (json.weightsManifest[0]!.weights[0]!.shape = [2, 3, 3, 2]),
    ],
    [
      'a weight twice',
      'MODEL_CONFIG',
      'two weights named "shared/kernel"',
      (json) => (json.weightsManifest[0]!.weights[1]!.name = 'shared/kernel'),
    ],
    [
      'a weight of nobody',
      'WEIGHT_MISSING',
      'layer "shared" (Conv2D): expected the weights kernel, bias',
      (json) => (json.weightsManifest[0]!.weights[0]!.name = 'other/thing'),
    ],
    [
      'a quantization of no kind',
      'MODEL_CONFIG',
      'expected float16, or uint8 or uint16',
      (json) => (json.weightsManifest[0]!.weights[0]!.quantization = { dtype: 'uint8' }),
    ],
  ])('%s', async (_, code, message, edit) => {
    const folder = await copyOf('branches-saved');
    await editJson(folder, edit);
    const failure = await failureOf(openModel(folder));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
    expect(failure.path).toBeDefined();
  });

  test.each([
    [
      'cut off',
      '{"modelTopology": {',
      'MODEL_CONFIG',
      'is not JSON: line 1, column 20: found the end of the file',
    ],
    ['of something else', '{"version": 1, "operations": []}', 'NOT_A_MODEL', 'JSON (version, operations)'],
    ['of an architecture', '{"class_name": "Model", "config": {}}', 'NOT_A_MODEL', 'without weights'],
    ['a list', '[1, 2]', 'NOT_A_MODEL', 'text, begins with "[1, 2]"'],
  ])('JSON %s', async (_, content, code, message) => {
    const file = path.join(await temporaryFolder(), 'model.json');
    await writeFile(file, content);
    const failure = await failureOf(openModel(file));
    expect(failure).toMatchObject({ kind: 'input', code, path: file });
    expect(failure.message).toContain(message);
  });

  test('a folder without a model', async () => {
    const failure = await failureOf(openModel(await temporaryFolder()));
    expect(failure).toMatchObject({ code: 'NOT_A_MODEL' });
    expect(failure.message).toContain('a folder without a model.json');
  });
});

test('a reference to bytes that the shape does not need', async () => {
  const model = await openModel(fixture('tfjs/branches-saved'));
  const { weight } = weightsOf(model)[0]!;
  const reader = openWeights();
  const failure = await failureOf(reader.read({ ...weight, shape: [1000, 1000] }));
  await reader.close();
  expect(failure).toMatchObject({ code: 'WEIGHT_SIZE' });
  expect(failure.message).toContain('found 144 bytes, expected 4000000');
});
