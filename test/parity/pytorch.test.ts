import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pytorchFormat } from '../../src/formats/pytorch/format';
import { openModel } from '../../src/formats/registry';
import { repository, runPython } from '../support/python';
import { failureOf } from '../unit/formats/fixtures';
import { compareTensors } from './support/toldTensors';

const SCRIPT = path.join(repository, 'test/parity/torch_files.py');

const ZIPS = [
  ...['state', 'views', 'types', 'checkpoint', 'parts', 'parameters', 'module', 'parallel', 'model_inside'],
  ...['resnet18', 'mobilenet_v2', 'vgg11'],
];
const LEGACY = ZIPS.filter((name) => name !== 'types' && name !== 'vgg11');
const PROTOCOLS = [3, 4, 5].flatMap((protocol) => [
  `protocol${protocol}-zip.pt`,
  `protocol${protocol}-legacy.pt`,
]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('files that PyTorch writes', () => {
  let saved: readonly string[];
  beforeAll(async () => {
    const printed = await runPython(SCRIPT, ['save', folder]);
    saved = JSON.parse(printed.trim().split('\n').at(-1)!) as string[];
  });

  const names = [
    ...ZIPS.map((name) => `${name}.pt`),
    ...LEGACY.map((name) => `${name}-legacy.pth`),
    ...PROTOCOLS,
    ...['scripted.pt', 'big.pt', 'tar.pt'],
  ];

  test.each(names)('%s', async (name) => {
    const file = path.join(folder, name);
    const model = await pytorchFormat.read(file);
    expect(model).toMatchObject({ format: 'pytorch', weightsOnly: true });
    await compareTensors(model, file);
  });

  test('none is left out here', () => {
    expect([...saved].sort()).toEqual([...names].sort());
  });

  test.each(['resnet18.pt', 'mobilenet_v2.pt', 'resnet18-legacy.pth', 'mobilenet_v2-legacy.pth'])(
    '%s opens as the model that it is of',
    async (name) => {
      const { graph, weightsOnly, report } = await openModel(path.join(folder, name));
      expect(report.map(({ code }) => code)).toEqual(['ARCHITECTURE_RECOGNIZED']);
      expect(report[0]!.message).toContain(`torchvision-${/^[a-z0-9_]+/.exec(name)?.[0]}`);
      expect([weightsOnly, graph.outputs.length]).toEqual([undefined, 1]);
    },
  );

  test('a checkpoint says what it is', async () => {
    const { report, graph } = await openModel(path.join(folder, 'checkpoint.pt'));
    expect(report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY', 'STATE_DICT_CHOSEN', 'CLASS_FOREIGN']);
    expect(report[1]!.message).toBe(
      'the weights are those of "state_dict" (17 tensors); left aside: "ema" (17 tensors)',
    );
    expect(report[2]!.message).toContain('argparse.Namespace');
    const norm = graph.layers.find(({ name }) => name === 'module.body.0.norm')!;
    expect(norm).toMatchObject({ kind: 'BatchNormalization', group: ['module', 'body', '0'] });
    expect(norm.weights.map(({ name, role }) => `${name} ${role}`)).toEqual([
      ...['weight parameter', 'bias parameter'],
      ...['running_mean statistic', 'running_var statistic', 'num_batches_tracked statistic'],
    ]);
  });

  test.each(['module.pt', 'module-legacy.pth'])('%s: a whole model keeps its modules', async (name) => {
    const { graph, report } = await openModel(path.join(folder, name));
    expect(report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY']);
    expect(graph.layers.map((layer) => `${layer.name}: ${layer.kind}`)).toEqual([
      ...['stem: Block', 'stem.conv: Conv2d', 'stem.norm: BatchNorm2d', 'stem.act: ReLU'],
      ...['body.0: Block', 'body.0.conv: Conv2d', 'body.0.norm: BatchNorm2d', 'body.0.act: ReLU'],
      ...['body.1: Flatten', 'body.2: Linear', 'cls_token: Weights'],
    ]);
    const conv = graph.layers.find((layer) => layer.name === 'stem.conv')!;
    expect(conv.config).toMatchObject({ kernel_size: [3, 3], padding: [0, 0], out_channels: 4 });
    expect(conv.opaque).toContain("PyTorch's Conv2d");
  });
});

describe('pickles that would run something', () => {
  let names: readonly string[];
  beforeAll(async () => {
    const printed = await runPython(SCRIPT, ['hostile', folder]);
    names = JSON.parse(printed.trim().split('\n').at(-1)!) as string[];
  });

  test.each([
    ['system', 'posix.system'],
    ['eval', 'eval'],
    ['exec', 'exec'],
    ['nested', 'posix.system'],
    ['popen', 'Popen'],
    ['import', '__import__'],
    ['loads', 'loads'],
  ])('%s is refused by name', async (attack, forbidden) => {
    const files = names.filter((name) => name.startsWith(`${attack}-`) || name === `${attack}.pt`);
    expect(files).toHaveLength(3);
    for (const name of files) {
      const failure = await failureOf(openModel(path.join(folder, name)));
      expect(failure).toMatchObject({ kind: 'input', code: 'PICKLE_FORBIDDEN' });
      expect(failure.message).toContain(forbidden);
    }
    expect(existsSync(path.join(folder, 'canary'))).toBe(false);
  });
});
