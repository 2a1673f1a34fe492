import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/run/events';
import { replay } from '../../src/core/surgery/replay';
import { openModel } from '../../src/formats/registry';
import type { EngineName } from '../../src/core/plan/plan';
import { readRun } from '../../src/runs/runReader';
import { openEngine } from '../../src/trainer/engines/engine';
import { EXPECTED, probe, trainProbeNet } from '../../src/trainer/engines/probe/probe';
import { BACKBONE_FORMS, expectFeatures } from '../support/backbones';
import { digitBatches, type Batch } from '../support/digits';
import { gradientTests } from '../support/gradients';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';
import { installTestEngine } from '../support/tensorflowEngine';
import { followPlan, trainingPlans } from '../support/trainingPlans';
import { followTranscript } from '../support/transcripts';
import { carryOut, openWorkspace } from '../trainer/workspace';
import document from './transcripts.json';

const BACKBONES = path.join(repository, 'test/fixtures/tensorflow/backbones');
const ENGINES: readonly EngineName[] = ['cpu', 'wasm', 'tensorflow'];

beforeAll(installTestEngine, 240_000);

describe('the probe of engines', () => {
  it('expects what real Keras computes', async () => {
    const losses = JSON.parse(
      await runPython(path.join(repository, 'test/parity/probe.py')),
    ) as readonly number[];
    expect(losses).toHaveLength(EXPECTED.length);
    losses.forEach((loss, index) => expect(loss).toBeCloseTo(EXPECTED[index]!, 5));
  });

  it.each(ENGINES)('%s passes it, to more digits than are asked for', async (name) => {
    expect(await probe(name)).toMatchObject({ name, onGpu: false });
    const losses = await trainProbeNet();
    expect(losses).toHaveLength(EXPECTED.length);
    losses.forEach((loss, index) => expect(loss).toBeCloseTo(EXPECTED[index]!, 4));
  });
});

describe('TensorFlow itself as the engine', () => {
  let batches: readonly Batch[];
  beforeAll(async () => {
    batches = await digitBatches(20, document.batch);
    expect((await openEngine('tensorflow')).device).toMatch(/^TensorFlow 2\.\d+\.\d+ on CPU$/);
  });

  it.each(Object.entries(document.transcripts))('trains as Keras: %s', (_name, transcript) =>
    followTranscript(transcript, batches),
  );

  it.each(trainingPlans.map((plan) => [plan.name, plan] as const))('follows Keras: %s', (_name, plan) =>
    followPlan(plan),
  );

  it.each(BACKBONE_FORMS)('computes a net of raw operations that TensorFlow saved as %s', (form) =>
    expectFeatures(BACKBONES, form),
  );

  it('keeps no tensor of a step', async () => {
    const executor = await headOnSavedModel();
    await trainHead(executor, 2);
    const before = tf.memory().numTensors;
    await trainHead(executor, 50);
    expect(tf.memory().numTensors).toBe(before);
    executor.dispose();
  });
});

describe('gradients on TensorFlow against differences', () => {
  beforeAll(async () => {
    await openEngine('tensorflow');
  });
  gradientTests();
});

describe('a SavedModel as a frozen backbone with a grafted head', () => {
  it('learns on TensorFlow as on WebAssembly', async () => {
    const losses = new Map<EngineName, readonly number[]>();
    for (const name of ['wasm', 'tensorflow'] as const) {
      await openEngine(name);
      const executor = await headOnSavedModel();
      losses.set(name, await trainHead(executor, 30));
      executor.dispose();
    }
    const [ours, theirs] = [losses.get('tensorflow')!, losses.get('wasm')!];
    expect(ours.at(-1)).toBeLessThan(ours[0]! / 2);
    expect(Math.max(...ours.map((loss, step) => Math.abs(loss - theirs[step]!)))).toBeLessThan(1e-4);
  });
});

describe('a run on TensorFlow', () => {
  it('of a head on a frozen SavedModel has the losses of one on WebAssembly', async () => {
    const space = await openWorkspace();
    await cp(path.join(BACKBONES, 'saved-model'), space.at('saved-model'), { recursive: true });
    const after = await featuresOf(space.at('saved-model'));
    await writeFile(
      space.at('head.surgery.json'),
      JSON.stringify({ ...graftAfter(after, 2), freeze: [{ match: { upTo: after } }] }),
    );
    const losses = async (engine: EngineName) => {
      const model = { model: 'saved-model', recipe: 'head.surgery.json' };
      const plan = await space.plan({ engine, ...model });
      const heard = await carryOut({ type: 'train', plan, allowCpu: true });
      expect(heard.failed).toBeUndefined();
      const { events, status } = await readRun(heard.folder ?? '');
      expect([startOf(events).engine, status]).toEqual([engine, 'finished']);
      expect(events.filter((event) => event.type === 'warning' && event.code !== 'FORMAT_LAYER')).toEqual([]);
      return events.flatMap((event) => (event.type === 'epoch' ? [event.metrics.loss ?? NaN] : []));
    };
    const [ours, theirs] = [await losses('tensorflow'), await losses('wasm')];
    expect(ours).toHaveLength(2);
    ours.forEach((loss, epoch) => expect(Math.abs(loss - theirs[epoch]!)).toBeLessThan(1e-4));
  });

  it('is refused by name without a card, and what auto takes', async () => {
    const space = await openWorkspace();
    const refused = await carryOut({ type: 'train', plan: await space.plan({ engine: 'tensorflow' }) });
    expect([refused.code, refused.failed?.code, refused.folder]).toEqual([1, 'ENGINE_ON_CPU', undefined]);

    const { folder } = await carryOut({ type: 'train', plan: await space.plan({ engine: 'auto' }) });
    const start = startOf((await readRun(folder ?? '')).events);
    expect([start.engine, start.passedOver]).toEqual(['tensorflow', undefined]);
  });

  it('falls back in auto alone, and says so', async () => {
    const space = await openWorkspace();
    const engines = process.env.MODEL_SURGERY_ENGINES;
    process.env.MODEL_SURGERY_ENGINES = space.at('none');
    try {
      const { folder } = await carryOut({ type: 'train', plan: await space.plan({ engine: 'auto' }) });
      const start = startOf((await readRun(folder ?? '')).events);
      expect(start.engine).toBe('wasm');
      expect(start.passedOver?.[0]?.reason).toContain('model-surgery engines install tensorflow');
      const plan = await space.plan({ engine: 'tensorflow' });
      expect((await carryOut({ type: 'train', plan, allowCpu: true })).failed?.code).toBe(
        'ENGINE_NOT_INSTALLED',
      );
    } finally {
      process.env.MODEL_SURGERY_ENGINES = engines;
    }
  });
});

function startOf(events: readonly RunEvent[]) {
  const start = events[0];
  if (start?.type !== 'start') throw new Error(`the run begins with ${JSON.stringify(start)}`);
  return start;
}

async function featuresOf(model: string): Promise<string> {
  const { graph } = await openModel(model);
  return graph.layers.find(({ name }) => /(^|_)features$/.test(name))!.name;
}

/** The recipe's operations that cut there and put a classifier of so many classes on it. */
function graftAfter(after: string, units: number) {
  const head = { kind: 'Dense', name: 'head', config: { units, activation: 'softmax' } };
  return {
    version: 1 as const,
    operations: [
      { op: 'cut' as const, after },
      { op: 'append' as const, after, layers: [head] },
    ],
  };
}

/** The SavedModel of make_tensorflow_backbones.py, cut at its features, with a classifier of three on them. */
async function headOnSavedModel() {
  const { graph } = await openModel(path.join(BACKBONES, 'saved-model'));
  const features = await featuresOf(path.join(BACKBONES, 'saved-model'));
  const grafted = replay(graph, { ...graftAfter(features, 3), freeze: [] });
  expect(grafted.faults).toEqual([]);
  const executor = await executorOf(grafted.graph);
  const trained = grafted.graph.layers.filter(({ name }) => name === 'head');
  executor.beginPhase({
    trainable: new Set(trained.map(({ id }) => id)),
    optimizer: { kind: 'adam', learningRate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    batchNorm: 'train',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    seed: 1,
  });
  return executor;
}

/** The losses of so many steps on six images that are bright in one of three places. */
async function trainHead(
  executor: Awaited<ReturnType<typeof headOnSavedModel>>,
  steps: number,
): Promise<readonly number[]> {
  const labels = Int32Array.of(0, 1, 2, 0, 1, 2);
  const data = Float32Array.from({ length: 6 * 64 }, (_, index) => {
    const [sample, row] = [Math.floor(index / 64), Math.floor((index % 64) / 8)];
    return (Math.floor((row * 3) / 8) === sample % 3 ? 0.8 : 0.1) + 0.02 * ((index * 7) % 5);
  });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { sums, samples } = await executor.trainStep([{ shape: [6, 8, 8, 1], data }], labels);
    losses.push((sums.loss ?? NaN) / samples);
  }
  return losses;
}
