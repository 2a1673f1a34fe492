import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../../src/cli/program';
import { recogniseBackbone } from '../../../src/core/backbone/recognise';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import { zooEntries, zooEntry } from '../../../src/zoo/registry';
import { serveFiles, stallAfter } from '../../support/fileServer';
import { publishWeights } from '../../support/publishedWeights';
import { repository } from '../../support/python';
import { temporaryFolder } from '../../support/temporary';

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('MODEL_SURGERY_ZOO', at('zoo'));
  // Nobody answers there: no test asks a real server.
  vi.stubEnv('MODEL_SURGERY_ZOO_MIRROR', 'http://127.0.0.1:9');
});
afterEach(() => vi.unstubAllEnvs());

async function run(argv: readonly string[], columns?: number, onInterrupt = (_: () => void) => undefined) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const status = await runProgram(argv, {
    write: (text) => void stdout.push(text),
    warn: (line) => void stderr.push(`${line}\n`),
    columns,
    trainerEntry: at('no-trainer.js'),
    onInterrupt: (listener) => {
      onInterrupt(listener);
      return () => undefined;
    },
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}

const totals = async (model: string) =>
  JSON.parse((await run(['summary', model, '--json'])).stdout) as { totalParams: number };

describe('zoo list', () => {
  it('is a table of all there is', async () => {
    const { status, stdout } = await run(['zoo', 'list']);
    const lines = stdout.split('\n');
    expect(status).toBe(0);
    expect(lines[0]).toMatch(/^name +family +size +parameters +input +top-1 +preprocess +licence +cached$/);
    expect(lines.find((line) => line.startsWith('VGG16 '))).toMatch(/VGG +.*138,357,544 +224×224 .*caffe/);
    expect(lines).toHaveLength(zooEntries().length + 3);
    expect(stdout).toContain(`kept in ${at('zoo')}`);
  });

  it('is an object for programs', async () => {
    const { stdout } = await run(['zoo', 'list', '--json']);
    const { folder: kept, models } = JSON.parse(stdout) as { folder: string; models: object[] };
    expect(kept).toBe(at('zoo'));
    expect(models).toHaveLength(zooEntries().length);
    expect(models[0]).toMatchObject({
      ...{ name: 'VGG16', source: 'keras', parameters: 138_357_544, input: [224, 224], leastInput: 32 },
      ...{ preprocess: 'caffe', cached: false },
    });
  });
});

describe('zoo get', () => {
  const entry = zooEntry('MobileNetV2');
  const options = { includeTop: false, inputSize: [96, 96] } as const;

  async function servePublished() {
    const file = at('published.h5');
    await publishWeights(entry.build(options), file);
    const { pathname } = new URL(entry.weights.noTop!.url);
    const server = await serveFiles(new Map([[pathname, await readFile(file)]]));
    vi.stubEnv('MODEL_SURGERY_ZOO_MIRROR', server.address);
    return server;
  }

  it('writes a model with the published weights, and takes them from the cache then', async () => {
    const server = await servePublished();
    const argv = [
      'zoo',
      'get',
      'mobilenetv2',
      '--no-top',
      '--size',
      '96',
      '--pooling',
      'avg',
      '--out',
      at('m.h5'),
    ];
    expect(await run(argv, 100)).toMatchObject({
      ...{ status: 0, stderr: '' },
      stdout: expect.stringMatching(
        /^\rMobileNetV2: 0\.00 B of .* MB, 0 %.*\r\u001b\[Kwrote .*m\.h5 \(h5\); its images go through preprocess "tf"\n$/s,
      ),
    });
    expect((await totals(at('m.h5'))).totalParams).toBe(2_257_984);
    const { graph } = await openModel(at('m.h5'));
    expect(graph.layers.at(-1)?.kind).toBe('GlobalAveragePooling2D');
    expect(recogniseBackbone(graph)).toEqual({ family: 'MobileNetV2', preprocess: 'tf' });
    const reader = openWeights();
    const [kernel, ...rest] = graph.layers.find(({ name }) => name === 'Conv1')?.weights ?? [];
    expect(rest).toEqual([]);
    expect((await reader.read(kernel!))[0]).toBe(1);
    await reader.close();

    const again = await run(['zoo', 'get', 'MobileNetV2', '--no-top', '--out', at('m'), '--json']);
    expect(JSON.parse(again.stdout)).toEqual({ format: 'tfjs', path: at('m'), preprocess: 'tf' });
    expect(server.asked).toHaveLength(1);
    expect(recogniseBackbone((await openModel(at('m'))).graph)?.preprocess).toBe('tf');
    const { stdout } = await run(['zoo', 'list', '--json']);
    const { models } = JSON.parse(stdout) as { models: { name: string; cached: boolean }[] };
    expect(models.filter(({ cached }) => cached).map(({ name }) => name)).toEqual(['MobileNetV2']);
  });

  it.each([
    [['--classes', '7'], 'm.keras', 2_257_984 + 1280 * 7 + 7],
    [['--no-top', '--size', 'any'], 'm.h5', 2_257_984],
    [['--no-top', '--size', '64x96', '--to', 'tfjs'], 'm', 2_257_984],
  ])('writes random weights without asking anybody: %j', async (more, name, parameters) => {
    const { status, stderr } = await run([
      ...['zoo', 'get', 'MobileNetV2', '--random', '--out', at(name)],
      ...more,
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect((await totals(at(name))).totalParams).toBe(parameters);
  });

  it('ends with an interruption, which leaves no model', async () => {
    const server = await servePublished();
    let interrupt: () => void = () => undefined;
    server.troubles.push(stallAfter(1000, () => interrupt()));
    const got = await run(
      ['zoo', 'get', 'MobileNetV2', '--no-top', '--out', at('m.h5')],
      undefined,
      (listener) => {
        interrupt = listener;
      },
    );
    expect(got).toEqual({ status: 130, stdout: '', stderr: 'interrupted: nothing is written\n' });
    expect(await readdir(folder)).not.toContain('m.h5');
  });

  it('refuses a file of another hash', async () => {
    const { pathname } = new URL(zooEntry('ResNet50').weights.noTop!.url);
    const server = await serveFiles(new Map([[pathname, Buffer.from('another')]]));
    vi.stubEnv('MODEL_SURGERY_ZOO_MIRROR', server.address);
    const { status, stderr } = await run(['zoo', 'get', 'ResNet50', '--no-top', '--out', at('r.h5')]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^error ZOO_INTEGRITY: ResNet50: .*expected/),
    ]);
  });

  it.each([
    [['VGG61', '--out', 'x.h5'], 2, /^error ZOO_UNKNOWN: .*nearest is "VGG16"/],
    [['VGG16'], 2, /^error OPTION_MISSING: zoo get needs --out PATH/],
    [['VGG16', '--out', 'x.py'], 2, /^error ZOO_FORMAT: /],
    [['VGG16', '--out', 'x.h5', '--pooling', 'min'], 2, /^error OPTION_VALUE: --pooling: found "min"/],
    [['VGG16', '--out', 'x.h5', '--pooling', 'avg'], 2, /^error ZOO_POOLING: /],
    [['VGG16', '--out', 'x.h5', '--size', 'big'], 2, /^error OPTION_VALUE: --size: found "big"/],
    [['VGG16', '--out', 'x.h5', '--size', '16'], 2, /^error ZOO_INPUT_SIZE: /],
    [
      ['VGG16', '--out', 'x.h5', '--classes', '5'],
      2,
      /^error ZOO_CLASSES: .*expected 1000, which the published/,
    ],
    [['VGG16', '--out', 'package.json'], 2, /^error /],
    [['VGG16', '--out', 'README.md', '--to', 'h5'], 2, /^error FILE_EXISTS: /],
    [['VGG16', '--out', 'x.h5'], 1, /^error ZOO_OFFLINE: VGG16: .*; nothing is cached in /],
  ])('%j is refused before anything is written', async (argv, expected, message) => {
    const { status, stderr } = await run(['zoo', 'get', ...argv]);
    expect([status, stderr]).toEqual([expected, expect.stringMatching(message)]);
  });

  it.each([
    [['zoo', 'lst'], /^error OPERAND: zoo takes list or get NAME, found "lst"/],
    [['zoo', 'list', '--no-top'], /^error OPTION_VALUE: --no-top goes with zoo get/],
  ])('%j is wrong usage', async (argv, message) => {
    expect(await run(argv)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });
});

describe('zoo get of a module', () => {
  const module = (form: string) => path.join(repository, 'test/fixtures/tensorflow/hub', form);

  it('writes it from a folder, with a recipe that freezes its group', async () => {
    const { status, stdout, stderr } = await run([
      'zoo',
      'get',
      module('tf2'),
      '--size',
      '16',
      '--out',
      at('m.h5'),
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^wrote .*m\.h5 \(h5\): the module tf2, frozen, 16x16x3 to 8 at "Net"; its images go through preprocess "unit"\n$/,
    );
    const recipe = at('m.surgery.json');
    expect(JSON.parse(await readFile(recipe, 'utf8'))).toMatchObject({
      freeze: [{ match: { group: 'tf2' } }],
    });
    const summary = await run(['summary', at('m.h5'), '--recipe', recipe, '--json']);
    expect(JSON.parse(summary.stdout)).toMatchObject({ totalParams: 336, trainableParams: 0, name: 'tf2' });
    expect((await run(['zoo', 'get', module('tf2'), '--out', at('m.h5')])).stderr).toMatch(
      /^error FILE_EXISTS/,
    );
  });

  it('writes it from an address', async () => {
    const names = ['model.json', 'group1-shard1of1.bin'];
    const files = names.map(
      async (name) => [`/net/${name}`, await readFile(path.join(module('tfjs'), name))] as const,
    );
    const { address } = await serveFiles(new Map(await Promise.all(files)));
    const { status, stdout } = await run([
      'zoo',
      'get',
      `${address}/net/model.json`,
      '--out',
      at('net'),
      '--json',
    ]);
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      {
        ...{ format: 'tfjs', path: at('net'), recipe: at('net', 'model.surgery.json'), group: 'net' },
        ...{ input: [16, 16, 3], output: [8], end: 'Net', preprocess: 'unit' },
      },
    ]);
    expect((await totals(at('net'))).totalParams).toBe(278);
  });

  it.each([
    [['./nowhere', '--out', 'x.h5'], 3, /^error FILE_MISSING: /],
    [['http://tfhub.dev/a/b/1', '--out', 'x.h5'], 2, /^error URL_INSECURE: /],
    [['https://tfhub.dev/a/b/1', '--out', 'x.h5'], 1, /^error HUB_OFFLINE: .*nobody answers there/],
    [
      ['https://tfhub.dev/a/b/1', '--out', 'x.h5', '--no-top'],
      2,
      /^error OPTION_VALUE: --no-top goes with the name/,
    ],
  ])('%j is refused', async (argv, expected, message) => {
    const { status, stderr } = await run(['zoo', 'get', ...argv]);
    expect([status, stderr]).toEqual([expected, expect.stringMatching(message)]);
  });
});
