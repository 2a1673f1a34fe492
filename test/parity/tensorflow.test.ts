import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replay } from '../../src/core/surgery/replay';
import { readNpy } from '../../src/data/npy';
import { openModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import type { Executor } from '../../src/trainer/executor';
import { BACKBONE_FORMS, expectFeatures } from '../support/backbones';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';

interface Case {
  readonly name: string;
  readonly path: string;
}

/** Written by tensorflow_models.py and tensorflow_graphs.py; every operation of them is one that some layer kind computes. */
const CASES = [
  'sample exported',
  'mobile exported',
  'resnet exported',
  'squeezed exported',
  'resnet saved',
  'a module',
  'mobile-tfjs',
  'resnet-tfjs',
  'mobile-tfjs-uint8',
  'squeezed-tfjs',
  'vit exported',
  'vit frozen',
  'token saved',
  'token frozen',
  'token-tfjs',
  'odds saved',
  'odds frozen',
  'odds-tfjs',
  'first saved',
  'first frozen',
] as const;

/** Float32 through some fifty layers, summed in another order. */
const TOLERANCE = 1e-4;

let folder: string;
let paths: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
  const written: Case[] = [];
  for (const script of ['tensorflow_models.py', 'tensorflow_graphs.py']) {
    const told = await runPython(path.join(repository, 'test/parity', script), [folder]);
    written.push(...(JSON.parse(told) as readonly Case[]));
  }
  paths = new Map(written.map(({ name, path: at }) => [name, at]));
  await openEngine('wasm');
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const pathOf = (name: string) => paths.get(name) ?? '';

async function inputOf(name: string) {
  const { shape, values } = await readNpy(path.join(folder, `${name}.x.npy`));
  return { shape, data: Float32Array.from(values) };
}

function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  const gap = (value: number, index: number) =>
    Math.abs(value - b[index]!) / Math.max(1, Math.abs(b[index]!));
  return Math.max(...Array.from(a, gap));
}

describe('graphs of real TensorFlow', () => {
  test.each(CASES)('%s: every operation is known, and the numbers are the same', async (name) => {
    const model = await openModel(pathOf(name));
    expect(model.report).toEqual([]);
    const executor = await executorOf(model.graph);
    try {
      const [output] = await executor.predict([await inputOf(name)]);
      const expected = await readNpy(path.join(folder, `${name}.y.npy`));
      expect(output?.shape).toEqual(expected.shape);
      expect(largestGap(output?.data ?? [], expected.values)).toBeLessThan(TOLERANCE);
    } finally {
      executor.dispose();
    }
  });
});

describe('a net of raw operations cut at a node', () => {
  let backbones: string;
  beforeAll(async () => {
    backbones = path.join(folder, 'backbones');
    await runPython(path.join(repository, 'test/fixtures/make_tensorflow_backbones.py'), [backbones]);
  }, 60_000);

  test.each(BACKBONE_FORMS)('%s: gives what TensorFlow does there', (form) =>
    expectFeatures(backbones, form),
  );
});

describe('a graph model as a frozen backbone', () => {
  test('is cut, gets a head, and the head alone learns', async () => {
    const { graph } = await openModel(pathOf('resnet-tfjs'));
    const features = graph.layers.find(({ kind }) => kind === 'Flatten')!;
    const { graph: grafted, faults } = replay(graph, {
      version: 1,
      operations: [
        {
          op: 'append',
          after: features.name,
          layers: [{ kind: 'Dense', name: 'head', config: { units: 3, activation: 'softmax' } }],
        },
      ],
      freeze: [],
    });
    expect(faults).toEqual([]);
    const noise = await inputOf('resnet-tfjs');
    const images = { ...noise, data: noise.data.map((value) => 127.5 + 127.5 * value) };
    const trainable = grafted.layers.filter((layer) => layer.trainable);
    expect(trainable.map(({ name }) => name)).toEqual(['head']);
    const executor = await executorOf(grafted);
    try {
      const frozen = grafted.layers.filter(({ name, weights }) => name !== 'head' && weights.length > 0);
      const before = await snapshot(executor, frozen);
      executor.beginPhase({
        trainable: new Set(trainable.map(({ id }) => id)),
        optimizer: { kind: 'adam', learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        batchNorm: 'train',
        loss: 'sparseCategoricalCrossentropy',
        metrics: ['accuracy'],
        seed: 1,
      });
      const losses: number[] = [];
      for (let step = 0; step < 60; step++) {
        const { sums, samples } = await executor.trainStep([images], Int32Array.of(0, 1, 2));
        losses.push(sums.loss! / samples);
      }
      expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
      expect(await snapshot(executor, frozen)).toEqual(before);
    } finally {
      executor.dispose();
    }
  });
});

async function snapshot(
  executor: Executor,
  layers: readonly { readonly name: string; readonly weights: readonly { readonly name: string }[] }[],
): Promise<readonly Float32Array[]> {
  const values: Float32Array[] = [];
  for (const { name, weights } of layers) {
    for (const weight of weights) values.push((await executor.weight(name, weight.name)).slice());
  }
  return values;
}
