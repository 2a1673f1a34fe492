import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../../src/runs/runReader';
import { openEngine } from '../../src/trainer/engines/engine';
import { INPUT, LABELS, probeNet, waves } from '../../src/trainer/engines/probe/net';
import { EXPECTED, probe, trainProbeNet } from '../../src/trainer/engines/probe/probe';
import { Executor } from '../../src/trainer/executor';
import { BACKBONE_FORMS, expectFeatures } from '../support/backbones';
import { digitBatches, type Batch } from '../support/digits';
import { repository } from '../support/python';
import { executorOf, sampleGraph } from '../support/sampleNet';
import { followTranscript } from '../support/transcripts';
import { installTestWebgpu } from '../support/webgpuEngine';
import { carryOut, openWorkspace } from '../trainer/workspace';
import document from './transcripts.json';

/** The software driver takes seconds a step of the sample net. */
const STEPS = 3;
/** It sums in another order than Keras; what that makes of the first steps, plain SGD magnifies at this net's rate. */
const TRANSCRIPTS = ['adam, L2 on Dense'] as const;

let engines: string;

beforeAll(async () => {
  engines = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
  expect(await installTestWebgpu(engines)).toMatchObject({
    type: 'installed',
    folder: path.join(engines, 'webgpu'),
    engine: { name: 'webgpu', onGpu: false, device: expect.stringMatching(/^WebGPU on .*SwiftShader/) },
  });
}, 120_000);
afterAll(() => rm(engines, { recursive: true, force: true }));

describe('the probe of engines', () => {
  it('passes on a software driver, to more digits than are asked for', async () => {
    expect(await probe('webgpu')).toMatchObject({ name: 'webgpu', libraries: { Dawn: '0.6.2' } });
    const losses = await trainProbeNet();
    expect(losses).toHaveLength(EXPECTED.length);
    losses.forEach((loss, index) => expect(loss).toBeCloseTo(EXPECTED[index]!, 4));
  });
});

describe('WebGPU as the engine', () => {
  let batches: readonly Batch[];
  beforeAll(async () => {
    batches = await digitBatches(STEPS, document.batch);
    await openEngine('webgpu');
  });

  it.each(TRANSCRIPTS)('trains as Keras: %s', (name) =>
    followTranscript(document.transcripts[name], batches),
  );

  it.each(BACKBONE_FORMS)('computes a net of raw operations that TensorFlow saved as %s', (form) =>
    expectFeatures(path.join(repository, 'test/fixtures/tensorflow/backbones'), form),
  );

  it('predicts as WebAssembly', async () => {
    const graph = await sampleGraph();
    const predict = async (name: 'webgpu' | 'wasm') => {
      await openEngine(name);
      const executor = await executorOf(graph);
      const [scores] = await executor.predict([batches[0]!.input]);
      executor.dispose();
      return scores!.data;
    };
    const theirs = await predict('wasm');
    const ours = await predict('webgpu');
    expect(ours).toHaveLength(document.batch * 5);
    expect(Math.max(...ours.map((score, index) => Math.abs(score - theirs[index]!)))).toBeLessThan(1e-5);
  });

  it('keeps nothing of a step, in tensors and on the card', async () => {
    const graph = probeNet();
    const executor = await Executor.create(graph, (layer, { name, shape }) =>
      Promise.resolve(waves(shape, layer.name.length, /gamma|variance/.test(name) ? 1 : 0)),
    );
    executor.beginPhase({
      trainable: new Set(graph.layers.map(({ id }) => id)),
      optimizer: { kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      batchNorm: 'train',
      loss: 'sparseCategoricalCrossentropy',
      metrics: [],
      seed: 0,
    });
    const batch = { shape: INPUT.map((length) => length ?? 1), data: waves(INPUT, 0) };
    const held = async (steps: number) => {
      for (let step = 0; step < steps; step++) await executor.trainStep([batch], LABELS);
      const { numTensors, numBytesInGPU } = tf.memory() as tf.MemoryInfo & { numBytesInGPU: number };
      return { numTensors, numBytesInGPU };
    };
    const before = await held(3);
    expect(await held(25)).toEqual(before);
    executor.dispose();
  });
});

describe('a computation that the card refuses', () => {
  it('ends the process with a failure, instead of going on with noughts', async () => {
    await openEngine('webgpu');
    const { device } = tf.backend() as unknown as {
      device: { createBuffer(options: { size: number; usage: number }): unknown };
    };
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const died = new Promise((resolve) => process.once('uncaughtException', resolve));
    try {
      device.createBuffer({ size: 2 ** 50, usage: 0x80 });
      expect(await died).toMatchObject({
        code: 'OUT_OF_MEMORY',
        message: expect.stringMatching(/^engine webgpu: the card refused .*; use a smaller batch size/),
      });
    } finally {
      for (const listener of others) process.on('uncaughtException', listener);
    }
  });
});

describe('a run on WebGPU', () => {
  it('has the losses of one on WebAssembly', async () => {
    const space = await openWorkspace();
    const losses = async (engine: 'webgpu' | 'wasm') => {
      const heard = await carryOut({ type: 'train', plan: await space.plan({ engine }), allowCpu: true });
      expect(heard.failed).toBeUndefined();
      const { events, status } = await readRun(heard.folder ?? '');
      expect([events[0], status]).toMatchObject([{ type: 'start', engine }, 'finished']);
      expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
      return events.flatMap((event) => (event.type === 'epoch' ? [event.metrics.loss ?? NaN] : []));
    };
    const [ours, theirs] = [await losses('webgpu'), await losses('wasm')];
    expect(ours).toHaveLength(2);
    ours.forEach((loss, epoch) => expect(Math.abs(loss - theirs[epoch]!)).toBeLessThan(1e-4));
  });

  it('is refused by name without a card, and passed over by auto', async () => {
    const space = await openWorkspace();
    const refused = await carryOut({ type: 'train', plan: await space.plan({ engine: 'webgpu' }) });
    expect([refused.code, refused.failed?.code, refused.folder]).toEqual([1, 'ENGINE_ON_CPU', undefined]);

    const { folder } = await carryOut({ type: 'train', plan: await space.plan({ engine: 'auto' }) });
    const [start] = (await readRun(folder ?? '')).events;
    expect(start).toMatchObject({
      engine: 'wasm',
      passedOver: [
        { engine: 'tensorflow', reason: expect.stringContaining('not installed') },
        { engine: 'webgpu', reason: expect.stringContaining('expected a graphics card') },
      ],
    });
  });
});
