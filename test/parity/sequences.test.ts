import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/core/graph/infer';
import { parameterCount } from '../../src/core/graph/layerGraph';
import type { Optimizer } from '../../src/core/plan/plan';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import type { NumberArray } from '../support/computeLayer';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';

/**
 * Models of recurrent and attention layers that real Keras saved (sequences.py): opened, predicted with, written again
 * for Keras to predict with, and trained.
 */

interface Made {
  readonly models: readonly {
    readonly name: string;
    readonly parameters: number;
    readonly inputs: readonly NumberArray[];
    readonly outputs: readonly NumberArray[];
  }[];
  readonly runs: Readonly<Record<string, Transcript>>;
}

interface Transcript {
  readonly x: NumberArray;
  readonly y: readonly number[];
  readonly losses: readonly number[];
}

/** Products of products, and exponentials of sums of them. */
const ATTENTION_TOLERANCE = 1e-3;
const TOLERANCE = 1e-4;

const NAMES = ['classifier', 'masks', 'steps', 'transformer', 'masked_heads', 'luong', 'frames'];
const FORMATS = ['h5', 'keras'] as const;
const CASES = NAMES.flatMap((name) => FORMATS.map((format) => [name, format] as const));
const ATTENTIVE: ReadonlySet<string> = new Set(['transformer', 'masked_heads', 'luong']);

const toleranceOf = (name: string) => (ATTENTIVE.has(name) ? ATTENTION_TOLERANCE : TOLERANCE);

const OPTIMIZERS: Readonly<Record<string, Optimizer>> = {
  adam: { kind: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  sgd: { kind: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false },
};

const feed = ({ shape, data }: NumberArray) => ({ shape, data: Float32Array.from(data) });

describe('models of sequences', () => {
  let folder: string;
  let made: Made;
  const written = new Map<string, readonly NumberArray[]>();

  beforeAll(async () => {
    await openEngine('wasm');
    folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-sequences-'));
    made = JSON.parse(await keras('make')) as Made;
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function keras(command: string): Promise<string> {
    const printed = await runPython(path.join(repository, 'test/parity/sequences.py'), [command, folder]);
    return printed.trim().split('\n').at(-1)!;
  }

  it.each(CASES)('%s.%s is computed as by Keras', async (name, format) => {
    const { parameters, inputs, outputs } = made.models.find((model) => model.name === name)!;
    const { graph, report } = await openModel(path.join(folder, `${name}.${format}`));
    expect(report).toEqual([]);
    expect(inferShapes(graph).faults).toEqual([]);
    expect(graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0)).toBe(parameters);

    const executor = await executorOf(graph);
    const before = tf.memory().numTensors;
    const found = await executor.predict(inputs.map(feed));
    expect(tf.memory().numTensors).toBe(before);
    executor.dispose();
    expectAlike(found, outputs, toleranceOf(name));

    const again = `again-${name}.${format}`;
    const reader = openWeights();
    try {
      const model = {
        graph,
        weights: (_: string, weight: Parameters<typeof reader.read>[0]) => reader.read(weight),
      };
      await writeModel(model, path.join(folder, again), format);
    } finally {
      await reader.close();
    }
    written.set(again, inputs);
  });

  it('written again, they answer Keras the same', async () => {
    await writeFile(path.join(folder, 'inputs.json'), JSON.stringify(Object.fromEntries(written)));
    const answers = JSON.parse(await keras('answer')) as Record<string, readonly NumberArray[]>;
    expect(Object.keys(answers)).toHaveLength(CASES.length);
    for (const [name, format] of CASES) {
      const { outputs } = made.models.find((model) => model.name === name)!;
      expectAlike(answers[`again-${name}.${format}`]!, outputs, 1e-6);
    }
  }, 120_000);

  it.each(Object.keys(OPTIMIZERS))('ten steps of %s', async (name) => {
    const { x, y, losses } = made.runs[name]!;
    const { graph } = await openModel(path.join(folder, 'classifier.h5'));
    const executor = await executorOf(graph);
    // Of a row that a batch reads twice, Keras on TensorFlow gives Adam the sum of squares for the square of the sum.
    const trained = graph.layers.filter(({ kind }) => name === 'sgd' || kind !== 'Embedding');
    executor.beginPhase({
      trainable: new Set(trained.map(({ id }) => id)),
      optimizer: OPTIMIZERS[name]!,
      batchNorm: 'train',
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
      seed: 1,
    });
    const size = y.length / losses.length;
    const width = x.shape[1]!;
    const held: number[] = [];
    for (const [step, expected] of losses.entries()) {
      const data = Float32Array.from(x.data.slice(step * size * width, (step + 1) * size * width));
      const labels = Int32Array.from(y.slice(step * size, (step + 1) * size));
      const { samples, sums } = await executor.trainStep([{ data, shape: [size, width] }], labels);
      expect(Math.abs(sums.loss / samples - expected)).toBeLessThan(TOLERANCE);
      held.push(tf.memory().numTensors);
    }
    // The optimizer's moments come with the first step, and nothing after it.
    expect(new Set(held.slice(1)).size).toBe(1);
    executor.dispose();
  });
});

function expectAlike(
  found: readonly { readonly shape: readonly number[]; readonly data: ArrayLike<number> }[],
  expected: readonly NumberArray[],
  tolerance: number,
): void {
  expect(found.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [index, { data }] of expected.entries()) {
    const scale = Math.max(1, ...data.map(Math.abs));
    const gap = Math.max(...data.map((value, at) => Math.abs(value - found[index]!.data[at]!)));
    expect(gap / scale).toBeLessThan(tolerance);
  }
}
