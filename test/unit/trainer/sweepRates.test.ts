import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialValues } from '../../../src/core/initializers/initialValues';
import type { BatchSource, StepBatch } from '../../../src/trainer/batchSource';
import { openEngine } from '../../../src/trainer/engines/engine';
import { Executor, type PhaseOptions } from '../../../src/trainer/executor';
import { MOST_STEPS, sweepRates } from '../../../src/trainer/findRate';
import { randomStream } from '../../../src/trainer/layers/random';
import { chain } from '../support/graphs';

const SAMPLES = 8;

/** With statistics that move, and a layer that draws. */
const graph = chain(
  [null, 6, 6, 2],
  { kind: 'Conv2D', name: 'conv', config: { filters: 3, kernel_size: 3 } },
  { kind: 'BatchNormalization', name: 'norm' },
  { kind: 'Flatten', name: 'flat' },
  { kind: 'Dropout', name: 'drop', config: { rate: 0.3 } },
  { kind: 'Dense', name: 'scores', config: { units: 3, activation: 'softmax' } },
);

const options: PhaseOptions = {
  trainable: new Set(graph.layers.map(({ id }) => id)),
  optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true },
  batchNorm: 'train',
  loss: 'sparseCategoricalCrossentropy',
  metrics: [],
  seed: 5,
};

const random = randomStream(7);
const batchOf = (scale: number): StepBatch => ({
  inputs: [
    {
      data: Float32Array.from({ length: SAMPLES * 72 }, () => random.normal() * scale),
      shape: [SAMPLES, 6, 6, 2],
    },
  ],
  labels: Int32Array.from({ length: SAMPLES }, (_, index) => index % 3),
});

/** Three batches an epoch, over and over. */
function sourceOf(batches: readonly StepBatch[]): BatchSource {
  async function* train() {
    yield* batches;
  }
  return { samples: SAMPLES * batches.length, train, validate: train };
}

const create = () =>
  Executor.create(graph, async (layer, { name, shape }) =>
    ['gamma', 'moving_variance'].includes(name)
      ? new Float32Array(shape[0] ?? 0).fill(1)
      : initialValues({ kind: 'GlorotUniform', config: {} }, shape, layer.name.length),
  );

async function bytesOf(executor: Executor): Promise<ReadonlyMap<string, string>> {
  const bytes = new Map<string, string>();
  for (const { name: layer, weights } of graph.layers)
    for (const { name } of weights) {
      const { buffer, byteOffset, byteLength } = await executor.weight(layer, name);
      bytes.set(`${layer}/${name}`, Buffer.from(buffer, byteOffset, byteLength).toString('hex'));
    }
  return bytes;
}

describe('a sweep over learning rates on WebAssembly', () => {
  beforeAll(() => openEngine('wasm'));

  const good = [batchOf(1), batchOf(1), batchOf(1)];
  const bad = [...good, batchOf(Number.NaN)];

  it.each([
    ['to its end', good, new AbortController().signal, undefined],
    ['into a loss that is no number', bad, new AbortController().signal, undefined],
    ['that is stopped', good, AbortSignal.abort(new Error('stopped')), 'stopped'],
  ])('%s leaves every weight, the optimizer and the memory as they were', async (_, batches, stop, fails) => {
    const executor = await create();
    executor.beginPhase(options);
    const [before, tensors] = [await bytesOf(executor), tf.memory().numTensors];
    const swept = sweepRates(executor, options, sourceOf(batches), stop);
    if (fails === undefined) {
      const { tried } = await swept;
      expect(tried.length).toBeGreaterThan(0);
      expect(tried.length).toBeLessThanOrEqual(MOST_STEPS);
    } else await expect(swept).rejects.toThrow(fails);
    expect(await bytesOf(executor)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);

    const fresh = await create();
    fresh.beginPhase(options);
    for (const each of [executor, fresh]) {
      for (const { inputs, labels } of good) await each.trainStep(inputs, labels);
    }
    expect(await bytesOf(executor)).toEqual(await bytesOf(fresh));
    expect(await bytesOf(executor)).not.toEqual(before);
    fresh.dispose();
    executor.dispose();
  });
});
