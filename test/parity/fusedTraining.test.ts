import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../src/trainer/engines/engine';
import type { Executor } from '../../src/trainer/executor';
import type { EngineName } from '../../src/core/plan/plan';
import { digitBatches, type Batch } from '../support/digits';
import { executorOf, sampleGraph } from '../support/sampleNet';
import { installTestEngine } from '../support/tensorflowEngine';

const BATCH = 32;

/** Steps of which none may leave a tensor, nor memory of the process, behind. */
const STEPS = 60;
const RESIDENT_BYTES = 128 * 2 ** 20;

let batches: readonly Batch[];

beforeAll(async () => {
  await installTestEngine();
  batches = await digitBatches(8, BATCH);
}, 240_000);

beforeEach(async () => {
  await openEngine('tensorflow');
});

async function training(isTrained: (name: string, kind: string) => boolean): Promise<Executor> {
  const graph = await sampleGraph((kind, config) => (kind === 'Dropout' ? { ...config, rate: 0 } : config));
  const executor = await executorOf(graph);
  executor.beginPhase({
    trainable: new Set(graph.layers.filter(({ name, kind }) => isTrained(name, kind)).map(({ id }) => id)),
    optimizer: { kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    batchNorm: 'train',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    seed: 1,
  });
  return executor;
}

const head = (name: string) => ['hidden', 'predictions'].includes(name);

async function lossOf(executor: Executor, { input, labels }: Batch): Promise<number> {
  const { sums, samples } = await executor.trainStep([input], labels);
  return (sums.loss ?? NaN) / samples;
}

/** The first so many samples of a batch. */
function part({ input, labels }: Batch, count: number): Batch {
  const size = input.data.length / labels.length;
  const shape = [count, ...input.shape.slice(1)];
  return { input: { data: input.data.slice(0, count * size), shape }, labels: labels.slice(0, count) };
}

async function kernelsOf(step: () => Promise<unknown>): Promise<readonly string[]> {
  const { kernelNames } = await tf.profile(async () => {
    await step();
    return [];
  });
  return kernelNames;
}

describe('a frozen part on TensorFlow', () => {
  it('is one run of a graph from the second batch of a size on, with the losses of WebAssembly', async () => {
    const sizes = [BATCH, BATCH, 5, 5, BATCH, 5];
    const losses = new Map<EngineName, number[]>();
    for (const name of ['wasm', 'tensorflow'] as const) {
      await openEngine(name);
      const executor = await training(head);
      const own: number[] = [];
      for (const [index, size] of sizes.entries()) {
        const batch = part(batches[index]!, size);
        const kernels = await kernelsOf(async () => own.push(await lossOf(executor, batch)));
        const isFirst = sizes.indexOf(size) === index;
        expect(kernels.includes('Conv2D'), `${name} ${index}`).toBe(name === 'wasm' || isFirst);
      }
      losses.set(name, own);
      executor.dispose();
    }
    const [ours, theirs] = [losses.get('tensorflow') ?? [], losses.get('wasm') ?? []];
    expect(ours).toHaveLength(sizes.length);
    ours.forEach((loss, step) => expect(Math.abs(loss - theirs[step]!)).toBeLessThan(1e-5));
  });

  it('is looked at anew when its weights are others', async () => {
    const executor = await training(head);
    const before = executor.snapshot();
    for (const batch of batches.slice(0, 2)) await lossOf(executor, batch);
    const compiled = await kernelsOf(() => lossOf(executor, batches[2]!));
    executor.restore(before);
    const anew = await kernelsOf(() => lossOf(executor, batches[2]!));
    const again = await kernelsOf(() => lossOf(executor, batches[2]!));
    expect([compiled, anew, again].map((names) => names.includes('Conv2D'))).toEqual([false, true, false]);
    before.dispose();
    executor.dispose();
  });
});

describe('memory on TensorFlow', () => {
  it.each([
    ['all layers', () => true],
    ['a head', head],
    ['all but normalizations', (_name: string, kind: string) => kind !== 'BatchNormalization'],
  ])('stays as it is while %s is trained', async (_name, isTrained) => {
    const executor = await training(isTrained);
    for (let step = 0; step < STEPS; step++) await lossOf(executor, batches[step % batches.length]!);
    const [tensors, resident] = [tf.memory().numTensors, process.memoryUsage.rss()];
    for (let step = 0; step < STEPS; step++) await lossOf(executor, batches[step % batches.length]!);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(process.memoryUsage.rss() - resident).toBeLessThan(RESIDENT_BYTES);
    executor.dispose();
  });

  it('is all given back', async () => {
    const before = tf.memory().numTensors;
    const executor = await training(() => true);
    await lossOf(executor, batches[0]!);
    executor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
