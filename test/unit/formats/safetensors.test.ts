import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { openModel, writeModel } from '../../../src/formats/registry';
import { mutate } from '../support/mutate';
import { failureOf, fixture, graphText, readAllWeights, temporaryFolder, toWrite } from './fixtures';

type Json = Readonly<Record<string, unknown>>;

/** A file of a header as given and some bytes of numbers. */
function fileOf(header: Json | string | Buffer, dataBytes: number, length?: bigint): Buffer {
  const json =
    typeof header === 'string' || Buffer.isBuffer(header)
      ? Buffer.from(header)
      : Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(json.length));
  return Buffer.concat([size, json, Buffer.alloc(dataBytes, 1)]);
}

const f32 = (shape: readonly number[], begin: number, end: number): Json => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

async function write(name: string, content: Buffer | string, folder?: string): Promise<string> {
  const file = path.join(folder ?? (await temporaryFolder()), name);
  await writeFile(file, content);
  return file;
}

const openBytes = async (content: Buffer) => openModel(await write('model.safetensors', content));

describe('reading', () => {
  test('weights alone, their modules and the order of the file', async () => {
    const header = {
      __metadata__: { format: 'pt' },
      'net.conv.weight': f32([2, 3], 0, 24),
      'net.conv.bias': f32([2], 24, 32),
      scale: f32([], 32, 36),
      'norm.num_batches_tracked': { dtype: 'I64', shape: [], data_offsets: [36, 44] },
    };
    const model = await openBytes(fileOf(header, 44));
    expect(graphText(model)).toMatchInlineSnapshot(`
      "safetensors model
      net.conv: Weights → unknown, 8 params, in net, opaque
        weight (2, 3) float32 parameter from ranges
        bias (2,) float32 parameter from ranges
      scale: Weights → unknown, 1 params, opaque
        scale () float32 parameter from ranges
      norm: Weights → unknown, 1 params, opaque
        num_batches_tracked () int64 statistic from ranges
      inputs: 
      outputs: 
      warning WEIGHTS_ONLY -: the file holds weights and no architecture: its layers are not connected; they can be looked at and taken into another model
      "
    `);
    expect(model.weightsOnly).toBe(true);
  });

  test.each(['keras3/branches.h5', 'keras3/nested.h5', 'keras3/custom.h5', 'tfjs/branches-float16'])(
    '%s through safetensors',
    async (name) => {
      const model = await openModel(fixture(name));
      const target = path.join(await temporaryFolder(), 'model.safetensors');
      await writeModel({ ...(await toWrite(model)), labels: ['cat', 'dog'] }, target, 'safetensors');
      expect((await readFile(target)).readUInt32LE(0) % 8).toBe(0);
      const again = await openModel(target);
      expect(again).toMatchObject({ format: 'safetensors', labels: ['cat', 'dog'] });
      expect(again.weightsOnly).toBeUndefined();
      const names = (file: typeof model) =>
        file.graph.layers.map((layer) => `${layer.name} ${layer.group.join('/')}`);
      expect(names(again).sort()).toEqual(names(model).sort());
      const sorted = (values: ReadonlyMap<string, Float32Array>) =>
        [...values].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(sorted(await readAllWeights(again))).toEqual(sorted(await readAllWeights(model)));
    },
  );

  test('PyTorch weights through safetensors keep their names', async () => {
    const model = await openModel(fixture('pytorch/state.pt'));
    const target = path.join(await temporaryFolder(), 'model.safetensors');
    await writeModel(await toWrite(model), target, 'safetensors');
    const again = await openModel(target);
    expect(again.weightsOnly).toBe(true);
    expect(await readAllWeights(again)).toEqual(await readAllWeights(model));
  });

  test('a Keras config.json beside the file is the architecture, if every weight fits', async () => {
    const folder = await temporaryFolder();
    const model = await openModel(fixture('keras3/branches.h5'));
    const written = path.join(folder, 'written.safetensors');
    await writeModel(await toWrite(model), written, 'safetensors');
    const bytes = await readFile(written);
    const headerBytes = Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata, ...tensors } = JSON.parse(
      bytes.subarray(8, 8 + headerBytes).toString(),
    ) as { __metadata__: { model_config: string } };
    const bare = Buffer.concat([fileOf(tensors, 0), bytes.subarray(8 + headerBytes)]);
    const file = await write('bare.safetensors', bare, folder);
    expect((await openModel(file)).weightsOnly).toBe(true);

    await write('config.json', metadata.model_config, folder);
    const whole = await openModel(file);
    expect(whole.weightsOnly).toBeUndefined();
    expect(await readAllWeights(whole)).toEqual(await readAllWeights(await openModel(written)));

    await write('config.json', metadata.model_config.replace(/"units":\d+/, '"units":77'), folder);
    const refused = await openModel(file);
    expect(refused.weightsOnly).toBe(true);
    expect(refused.report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY', 'ARCHITECTURE_REFUSED']);

    await write('config.json', '{"architectures": ["ResNetForImageClassification"]}', folder);
    expect((await openModel(file)).report[1]!.message).toContain('it is ResNetForImageClassification');
  });

  test.each([
    ['config.json', '{"architecture": "resnet50", "num_classes": 5}', 'it is resnet50, whose'],
    ['config.json', '{"model_type": "vit"}', 'it is vit, whose'],
    [
      'config.json',
      '{"class_name": "ResNetBackbone", "config": {"stackwise": [1]}}',
      'it is ResNetBackbone, whose',
    ],
    ['task.json', '{"class_name": "ImageClassifier", "config": {}}', 'it is ImageClassifier, whose'],
    ['config.json', '{"hidden": 1}', 'config.json beside the file names no architecture'],
  ])('%s of %s is named, and the weights are weights only', async (name, config, expected) => {
    const folder = await temporaryFolder();
    const header = { 'a.weight': { dtype: 'F32', shape: [2], data_offsets: [0, 8] } };
    const file = await write('weights.safetensors', fileOf(header, 8), folder);
    await write(name, config, folder);
    const { report, weightsOnly } = await openModel(file);
    expect(weightsOnly).toBe(true);
    expect(report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY', 'ARCHITECTURE_UNKNOWN']);
    expect(report[1]!.message).toContain(expected);
    expect(report[1]!.message).toContain('weights only');
  });
});

describe('writing', () => {
  test('nothing is left when a weight cannot be read or has another size', async () => {
    const folder = await temporaryFolder();
    const model = await toWrite(await openModel(fixture('keras3/branches.h5')));
    const target = path.join(folder, 'model.safetensors');
    const short = { ...model, weights: async () => new Float32Array(1) };
    expect(await failureOf(writeModel(short, target, 'safetensors'))).toMatchObject({ code: 'WEIGHT_SIZE' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('two weights of one name are refused', async () => {
    const model = await toWrite(await openModel(fixture('keras3/branches.h5')));
    const [first, ...rest] = model.graph.layers.filter((layer) => layer.weights.length > 0);
    const twice = { ...first!, weights: [first!.weights[0]!, first!.weights[0]!] };
    const graph = {
      ...model.graph,
      layers: model.graph.layers.map((layer) => (layer === first ? twice : layer)),
    };
    expect(rest.length).toBeGreaterThan(0);
    const target = path.join(await temporaryFolder(), 'model.safetensors');
    expect(await failureOf(writeModel({ ...model, graph }, target, 'safetensors'))).toMatchObject({
      code: 'LAYER_NAME',
    });
  });
});

describe('bad files', () => {
  const good = { 'a.weight': f32([2], 0, 8), 'b.weight': f32([1], 8, 12) };

  test.each<[string, Buffer, string, string]>([
    ['cut in the header', fileOf(good, 0, 4000n), 'SAFETENSORS_TRUNCATED', 'expected 4008'],
    ['cut in the numbers', fileOf(good, 11), 'SAFETENSORS_TRUNCATED', 'cut short'],
    ['longer than its tensors', fileOf(good, 13), 'SAFETENSORS_OFFSETS', 'end with its last tensor'],
    ['a header of an exabyte', fileOf(good, 12, 1n << 60n), 'SAFETENSORS_HEADER', 'at most 33554432'],
    ['no JSON', fileOf('{"a.weight": tru}', 0), 'SAFETENSORS_HEADER', 'found "tru"'],
    ['half of a header', fileOf('{"a.weight": {"dtype": "F3', 0), 'SAFETENSORS_HEADER', 'expected'],
    ['no UTF-8', fileOf(Buffer.from('7b22c328227d', 'hex'), 0), 'SAFETENSORS_HEADER', 'no UTF-8'],
    [
      'millions of lists',
      fileOf(`{"a":[${'[],'.repeat(3e6)}[]]}`, 0),
      'SAFETENSORS_HEADER',
      'more than 2000000 values',
    ],
    [
      'a name of a million escapes',
      fileOf(`{"${'\\u0041'.repeat(1e6)}":0}`, 0),
      'SAFETENSORS_HEADER',
      'found 0',
    ],
    ['deep nesting', fileOf(`{"a":${'['.repeat(1e6)}`, 0), 'SAFETENSORS_HEADER', 'nested more than 3 deep'],
    [
      'two tensors of one name',
      fileOf(`{"a": ${JSON.stringify(f32([1], 0, 4))}, "a": ${JSON.stringify(f32([1], 4, 8))}}`, 8),
      'SAFETENSORS_HEADER',
      'two tensors named "a"',
    ],
    ['a number for a tensor', fileOf({ a: 1 }, 0), 'SAFETENSORS_HEADER', 'tensor "a": found 1'],
    [
      'an unknown type',
      fileOf({ a: { ...f32([1], 0, 4), dtype: 'F31' } }, 4),
      'SAFETENSORS_HEADER',
      'the type "F31"',
    ],
    [
      'a type of every object',
      fileOf({ a: { ...f32([1], 0, 4), dtype: 'constructor' } }, 4),
      'SAFETENSORS_HEADER',
      'constructor',
    ],
    ['no shape', fileOf({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4), 'SAFETENSORS_HEADER', 'shape'],
    ['a size below nothing', fileOf({ a: f32([-1], 0, 4) }, 4), 'SAFETENSORS_HEADER', '-1'],
    [
      'offsets the wrong way round',
      fileOf({ a: f32([1], 4, 0) }, 4),
      'SAFETENSORS_OFFSETS',
      'found -4 bytes',
    ],
    [
      'offsets that overlap',
      fileOf({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12),
      'SAFETENSORS_OFFSETS',
      'at 8',
    ],
    [
      'a gap',
      fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12),
      'SAFETENSORS_OFFSETS',
      'its first byte at 8',
    ],
    [
      'offsets outside of the file',
      fileOf({ a: f32([2 ** 40], 0, 2 ** 42) }, 4),
      'SAFETENSORS_TRUNCATED',
      'cut short',
    ],
    [
      'fewer bytes than numbers',
      fileOf({ a: f32([3], 0, 8) }, 8),
      'SAFETENSORS_OFFSETS',
      'expected 12 for [3] of F32',
    ],
    [
      'sizes whose product is lost',
      fileOf({ a: f32([2 ** 40, 2 ** 40], 0, 8) }, 8),
      'SAFETENSORS_OFFSETS',
      'found 8 bytes',
    ],
    [
      'metadata that is no text',
      fileOf({ __metadata__: { a: 1 }, b: f32([1], 0, 4) }, 4),
      'SAFETENSORS_HEADER',
      '"a"',
    ],
    [
      'our own metadata with a weight too few',
      fileOf(
        {
          __metadata__: {
            model_surgery: '{"version":1}',
            model_config: JSON.stringify({
              class_name: 'Sequential',
              config: [
                { class_name: 'Dense', config: { name: 'd', units: 2, batch_input_shape: [null, 2] } },
              ],
            }),
          },
          'd.kernel': f32([2, 2], 0, 16),
        },
        16,
      ),
      'WEIGHT_MISSING',
      'layer "d"',
    ],
  ])('%s', async (_, content, code, message) => {
    const began = process.cpuUsage();
    const failure = await failureOf(openBytes(content));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  });

  test('other files of that name', async () => {
    for (const content of ['', 'PK', 'version https://git-lfs.github.com/spec/v1\n']) {
      const file = await write('model.safetensors', content);
      expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'NOT_A_MODEL' });
    }
  });

  test('cut at every byte', async () => {
    const file = await write('model.safetensors', fileOf(good, 12));
    for (let length = (await readFile(file)).length - 1; length >= 0; length--) {
      await truncate(file, length);
      const { kind, code } = await failureOf(openModel(file));
      expect({ kind, code }).toEqual({
        kind: 'input',
        code: length < 9 ? 'NOT_A_MODEL' : 'SAFETENSORS_TRUNCATED',
      });
    }
  });

  test('500 mutations end in a model or a failure', async () => {
    const bytes = fileOf(good, 12);
    const file = await write('model.safetensors', bytes);
    for (let seed = 0; seed < 500; seed++) {
      await writeFile(file, mutate(bytes, seed));
      const outcome = await openModel(file).catch((cause: unknown) => cause);
      if (outcome instanceof Failure) expect(outcome.kind).toBe('input');
      else expect(outcome).toHaveProperty('graph');
    }
  });
});

describe('an index', () => {
  const one = fileOf({ 'a.weight': f32([1], 0, 4) }, 4);
  const open = async (map: unknown, folder: string) =>
    openModel(await write('m.safetensors.index.json', JSON.stringify({ weight_map: map }), folder));

  test('of two files', async () => {
    const folder = await temporaryFolder();
    await write('1.safetensors', one, folder);
    await write(
      '2.safetensors',
      fileOf({ 'b.weight': f32([1], 0, 4), 'c.weight': f32([1], 4, 8) }, 8),
      folder,
    );
    const { graph, report } = await open(
      { 'b.weight': '2.safetensors', 'a.weight': '1.safetensors' },
      folder,
    );
    expect(graph.layers.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(graph.name).toBe('m');
    expect(report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY', 'WEIGHT_UNUSED']);
  });

  test.each([
    ['a shard that is not there', { a: 'x.safetensors' }, 'SHARD_MISSING', 'x.safetensors is missing'],
    ['a shard that is a folder', { a: 'folder' }, 'SHARD_MISSING', 'folder is missing'],
    ['a shard above', { a: '../1.safetensors' }, 'SHARD_PATH', 'lies outside'],
    ['a shard by its whole path', { a: '/etc/passwd' }, 'SHARD_PATH', 'lies outside'],
    ['a tensor that its shard has not', { b: '1.safetensors' }, 'SAFETENSORS_INDEX', 'no tensor "b"'],
    ['a number for a file', { a: 1 }, 'SAFETENSORS_INDEX', 'the file 1 of "a"'],
    ['no map', [], 'SAFETENSORS_INDEX', 'no weight_map'],
  ])('%s', async (_, map, code, message) => {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'folder'));
    await write('1.safetensors', one, folder);
    const failure = await failureOf(open(map, folder));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
  });
});
