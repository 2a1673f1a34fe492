import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameterCount } from '../../src/core/graph/layerGraph';
import { openModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import { zooEntries, zooEntry } from '../../src/zoo/registry';
import { stateDictOf } from '../../src/zoo/stateDict';
import { repository, runPython, servePython, type PythonServer } from '../support/python';
import { agreement, zooParityFolder } from '../support/zooAnswers';
import { LEAST_SPREAD, ZOO_TOLERANCE } from '../support/zooProof';
import { torchvisionTrial } from '../support/zooTrials';

const SCRIPT = path.join(repository, 'test/parity/zoo_torchvision.py');

/** What torchvision says of a model. */
interface Facts {
  readonly parameters: number;
  /** SHA-256 of its names and shapes, sorted. */
  readonly stateDict: string;
  readonly url: string;
  readonly top1: number;
  readonly size: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

const entries = zooEntries().filter(({ source }) => source === 'torchvision');
const modelOf = (name: string) => name.replace('torchvision-', '');

/** A small one of each family; `npm run proof` has all of them. */
const SMALL = ['resnet18', 'resnet50', 'mobilenet_v2', 'densenet121', 'efficientnet_b0', 'vgg11_bn'];
const SIZES = [
  [64, 48],
  [51, 77],
] as const;

const folder = await zooParityFolder('zoo-torchvision');

describe("torchvision's models", () => {
  let facts: Readonly<Record<string, Facts>>;
  let torchvision: PythonServer;

  beforeAll(async () => {
    await openEngine('wasm');
    const [table, out] = [path.join(folder, 'models.json'), path.join(folder, 'facts.json')];
    await writeFile(table, JSON.stringify(entries.map(({ name }) => modelOf(name))));
    await runPython(SCRIPT, ['facts', table, out]);
    facts = JSON.parse(await readFile(out, 'utf8')) as typeof facts;
    torchvision = servePython(SCRIPT, ['serve', folder]);
  });
  afterAll(() => torchvision.close());

  test.each(entries.map((entry) => [entry.name, entry] as const))('%s has its state dict', (name, entry) => {
    const graph = entry.build();
    const { url, top1, size, mean, deviation, ...said } = facts[modelOf(name)]!;
    const names = [...stateDictOf(graph)].map(([at, shape]) => `${at} [${shape.join(', ')}]`).sort();
    const stateDict = createHash('sha256').update(names.join('\n')).digest('hex');
    const parameters = graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);
    expect({ parameters, stateDict }).toEqual(said);
    expect([entry.weights.top?.url, entry.publishedTop1, entry.input.size]).toEqual([
      url,
      top1,
      [size, size],
    ]);
    // What the word "torch" of a plan stands for.
    expect([entry.preprocess, mean, deviation]).toEqual([
      'torch',
      [0.485, 0.456, 0.406],
      [0.229, 0.224, 0.225],
    ]);
  });

  test.each(SMALL)('%s says at two sizes what torchvision says', async (model) => {
    const entry = zooEntry(`torchvision-${model}`);
    // The top of VGG is a hundred million weights.
    const whole = !model.startsWith('vgg');
    const { question, weights, checks } = torchvisionTrial(entry, folder, SIZES, whole);
    await torchvision.ask(question);
    const file = await openModel(weights);
    for (const { options, told } of checks) {
      const { difference, spread } = await agreement(entry, options, file, told);
      expect(difference).toBeLessThan(ZOO_TOLERANCE);
      expect(spread).toBeGreaterThan(LEAST_SPREAD);
    }
  });
});
