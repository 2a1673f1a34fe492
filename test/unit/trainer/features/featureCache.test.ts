import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import type { LayerGraph, WeightRef } from '../../../../src/core/graph/layerGraph';
import { parsePlan } from '../../../../src/core/plan/parsePlan';
import type { PlanInput } from '../../../../src/core/plan/plan';
import { initialValues } from '../../../../src/core/initializers/initialValues';
import { seedOf } from '../../../../src/core/surgery/fresh';
import type { Dataset } from '../../../../src/data/dataset';
import { trainingData } from '../../../../src/data/trainingData';
import type { EngineFound } from '../../../../src/protocol/engines';
import { batchSource } from '../../../../src/trainer/batchSource';
import { openEngine } from '../../../../src/trainer/engines/engine';
import { Executor, type PhaseOptions } from '../../../../src/trainer/executor';
import { FeatureCache } from '../../../../src/trainer/features/featureCache';
import * as onnx from '../../../../src/trainer/features/onnxForward';
import { randomFrom } from '../../../support/randomNumbers';
import { temporaryFolder } from '../../../support/temporary';
import { GraphBuilder } from '../../support/graphs';

const SAMPLES = 24;
const SHAPE = [10, 10, 3];

let engine: EngineFound;
beforeAll(async () => {
  engine = await openEngine('wasm');
});
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('MODEL_SURGERY_CACHE', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A backbone of two branches, and a head that reads both ends of it and drops units. */
function net(): LayerGraph {
  const build = new GraphBuilder();
  const image = build.input([null, ...SHAPE]);
  const convolution = (name: string, filters: number) => ({
    kind: 'Conv2D',
    name,
    config: { filters, kernel_size: 3, strides: 2, use_bias: false, padding: 'same' },
  });
  let x = build.add(convolution('stem', 8), image);
  x = build.add({ kind: 'BatchNormalization', name: 'stem_bn' }, x);
  x = build.add({ kind: 'ReLU', name: 'stem_relu', config: { max_value: 6 } }, x);
  const low = build.add({ kind: 'GlobalMaxPooling2D', name: 'low' }, x);
  x = build.add(convolution('body', 12), x);
  x = build.add({ kind: 'BatchNormalization', name: 'body_bn' }, x);
  const high = build.add({ kind: 'GlobalAveragePooling2D', name: 'high' }, x);
  x = build.add({ kind: 'Concatenate', name: 'both' }, low, high);
  x = build.add({ kind: 'Dropout', name: 'drop', config: { rate: 0.3 } }, x);
  return build.outputs(
    build.add({ kind: 'Dense', name: 'scores', config: { units: 3, activation: 'softmax' } }, x),
  );
}

async function made(layer: string, { name, shape }: WeightRef): Promise<Float32Array> {
  const [minval, maxval] = name === 'moving_variance' ? [0.5, 2] : [-1, 1];
  return initialValues(
    { kind: 'RandomUniform', config: { minval, maxval } },
    shape,
    seedOf(`${layer}/${name}`),
  );
}

function dataset(overrides: Partial<Dataset> = {}): Dataset & { readonly filled: () => number } {
  const random = randomFrom(3);
  const size = SHAPE.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: SAMPLES * size }, () => random(256) / 128 - 1);
  let filled = 0;
  return {
    classes: ['a', 'b', 'c'],
    samples: SAMPLES,
    shape: SHAPE,
    labels: Int32Array.from({ length: SAMPLES }, (_, index) => index % 3),
    fill: async (indices, into) => {
      filled += indices.length;
      indices.forEach((index, row) =>
        into.set(values.subarray(index * size, (index + 1) * size), row * size),
      );
    },
    files: [],
    fingerprint: async () => 'the same',
    filled: () => filled,
    ...overrides,
  };
}

const planOf = (changes: Partial<PlanInput> = {}) =>
  parsePlan({
    version: 2,
    model: 'm.h5',
    data: { kind: 'arrays', x: 'x.npy', y: 'y.npy' },
    phases: [{ epochs: 2, optimizer: { kind: 'adam', learningRate: 0.01 } }],
    batchSize: 5,
    ...changes,
  });

const optionsOf = (graph: LayerGraph, trained: readonly string[]): PhaseOptions => ({
  trainable: new Set(graph.layers.filter(({ name }) => trained.includes(name)).map(({ id }) => id)),
  optimizer: planOf().phases[0]!.optimizer,
  batchNorm: 'train',
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  seed: 3,
});

interface Trained {
  /** Of each step, then of each epoch's validation. */
  readonly losses: readonly number[];
  readonly events: readonly RunEvent[];
}

/** Trains for two epochs in each phase, a phase for each set of trained layers. */
async function train(
  changes: Partial<PlanInput> = {},
  { samples = dataset(), phases = [['scores']], graph = net(), stop = new AbortController().signal } = {},
): Promise<Trained> {
  const plan = planOf(changes);
  const executor = await Executor.create(graph, ({ name }, weight) => made(name, weight));
  const all = Uint32Array.from({ length: SAMPLES }, (_, index) => index);
  const data = trainingData({
    classes: samples.classes,
    validation: { dataset: samples, indices: all.subarray(18) },
    trainAt: () => ({ dataset: samples, indices: all.subarray(0, 18) }),
    repeats: true,
    notes: [],
  });
  const events: RunEvent[] = [];
  const cache = new FeatureCache({
    executor,
    graph,
    plan,
    data,
    engine,
    emit: (event) => events.push(event),
    stop,
  });
  const losses: number[] = [];
  for (const [phase, trained] of phases.entries()) {
    executor.beginPhase(optionsOf(graph, trained));
    const source = batchSource(plan, data, await cache.forPhase(phase));
    for (const epoch of [1, 2]) {
      for await (const { inputs, labels } of source.train(epoch, 0)) {
        losses.push((await executor.trainStep(inputs, labels)).sums.loss!);
      }
      for await (const { inputs, labels } of source.validate()) {
        losses.push((await executor.evaluate(inputs, labels)).sums.loss!);
      }
    }
  }
  await cache.close();
  executor.dispose();
  return { losses, events };
}

const featuresIn = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'features');
const warningsIn = (events: readonly RunEvent[]) =>
  events.filter((event) => event.type === 'warning').map(({ code }) => code);

function expectSame(found: Trained, expected: Trained, digits = 4): void {
  expect(found.losses).toHaveLength(expected.losses.length);
  found.losses.forEach((loss, index) => expect(loss).toBeCloseTo(expected.losses[index]!, digits));
}

describe('training on kept features', () => {
  it('has the losses of training without, by ONNX Runtime', async () => {
    const plain = await train({ cacheFeatures: 'off' });
    const cached = await train();
    expectSame(cached, plain);
    expect(plain.events).toEqual([]);
    expect(warningsIn(cached.events)).toEqual([]);
    expect(featuresIn(cached.events).at(-1)).toMatchObject({
      phase: 0,
      done: SAMPLES,
      samples: SAMPLES,
      after: ['both'],
      kept: {
        where: 'memory',
        bytes: SAMPLES * 20 * 4,
        by: expect.stringContaining('ONNX Runtime') as string,
        computed: SAMPLES,
      },
    });
  });

  it('has them to the last bit where the engine computes what it would compute in each step', async () => {
    const plain = await train({ cacheFeatures: 'off' });
    vi.spyOn(onnx, 'onnxRuntimeName').mockRejectedValue(onnx.runtimeFailure('not here'));
    vi.spyOn(
      await import('../../../../src/trainer/program/fold'),
      'foldBatchNormalization',
    ).mockImplementation((model) => model);
    const cached = await train();
    expect(cached.losses).toEqual(plain.losses);
    expect(warningsIn(cached.events)).toEqual(['FEATURES_SLOWER']);
    expect(featuresIn(cached.events).at(-1)!.kept!.by).toContain('wasm');
  });

  it('reads each sample once, and none in the next run', async () => {
    const first = dataset();
    await train({}, { samples: first });
    expect(first.filled()).toBe(SAMPLES);
    const second = dataset();
    const { events } = await train({}, { samples: second });
    expect(second.filled()).toBe(0);
    expect(featuresIn(events)).toHaveLength(1);
    expect(featuresIn(events)[0]!.kept!.computed).toBe(0);
  });

  it.each([
    ['the data', {}, dataset({ fingerprint: async () => 'another' })],
    ['how the data is fed', { data: { kind: 'arrays', x: 'x.npy', y: 'z.npy' } }, dataset()],
  ] as const)('computes again when %s has changed', async (_, changes, samples) => {
    await train();
    const { events } = await train(changes, { samples });
    expect(featuresIn(events).at(-1)!.kept!.computed).toBe(SAMPLES);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('computes again what is broken on the disk, and says so', async () => {
    const plain = await train({ cacheFeatures: 'off' });
    await train();
    const [name] = await readdir(folder);
    const bytes = await readFile(path.join(folder, name!));
    bytes[bytes.length - 100]! ^= 4;
    await writeFile(path.join(folder, name!), bytes);
    const again = await train();
    expectSame(again, plain);
    expect(warningsIn(again.events)).toEqual(['FEATURES_BROKEN']);
    expect(featuresIn(again.events).at(-1)!.kept!.computed).toBe(SAMPLES);
  });

  it('trains from the disk where memory is not given', async () => {
    const plain = await train({ cacheFeatures: 'off' });
    const cached = await train({ cacheFeatures: { memoryMB: 0, diskMB: 1 } });
    expectSame(cached, plain);
    expect(featuresIn(cached.events).at(-1)!.kept!.where).toBe('disk');
  });

  it('leaves nothing on the disk where that is not given', async () => {
    await train({ cacheFeatures: { memoryMB: 1, diskMB: 0 } });
    expect(await readdir(folder)).toEqual([]);
  });

  it('trains without where features do not fit, and says so', async () => {
    const plain = await train({ cacheFeatures: 'off' });
    const cached = await train({ cacheFeatures: { memoryMB: 0, diskMB: 0 } });
    expect(cached.losses).toEqual(plain.losses);
    expect(warningsIn(cached.events)).toEqual(['FEATURES_NOT_KEPT']);
  });

  it('trains from memory where the disk cannot be written, and says so', async () => {
    await writeFile(path.join(folder, 'file'), '');
    vi.stubEnv('MODEL_SURGERY_CACHE', path.join(folder, 'file', 'below'));
    const { events } = await train();
    expect(warningsIn(events)).toContain('FEATURES_NOT_KEPT');
    expect(featuresIn(events).at(-1)!.kept!.where).toBe('memory');
  });

  it('cuts each phase where its own frozen layers end, and computes with the weights it has then', async () => {
    const phases = [['scores'], ['body', 'scores'], ['scores']];
    const plain = await train({ cacheFeatures: 'off' }, { phases });
    const cached = await train({}, { phases });
    expectSame(cached, plain, 3);
    const last = featuresIn(cached.events).filter(({ kept }) => kept);
    expect(last.map(({ after, kept }) => [after, kept!.computed])).toEqual([
      [['both'], SAMPLES],
      [['stem_relu'], SAMPLES],
      [['both'], SAMPLES],
    ]);
  });

  it('has the engine compute where ONNX Runtime computes something else, and says so', async () => {
    const plain = await train({ cacheFeatures: 'off' });
    const real = onnx.onnxForward;
    vi.spyOn(onnx, 'onnxForward').mockImplementation(async (model) => {
      const forward = await real(model);
      const wrong = (values: Float32Array) => values.map((value) => value * 1.001);
      return {
        ...forward,
        run: async (inputs) =>
          (await forward.run(inputs)).map(({ data, shape }) => ({ data: wrong(data), shape })),
      };
    });
    const cached = await train();
    expectSame(cached, plain);
    expect(warningsIn(cached.events)).toEqual(['FEATURES_SLOWER']);
  });

  it('trains without where what is made of a sample depends on those beside it, and says so', async () => {
    const build = new GraphBuilder();
    const image = build.input([null, ...SHAPE]);
    const pooled = build.add({ kind: 'GlobalAveragePooling2D', name: 'pool' }, image);
    const seen = build.add({ kind: 'Dense', name: 'seen', config: { units: 4 } }, pooled);
    const mean = build.add({ kind: 'Mean', name: 'mean', config: { axis: 0, keepdims: true } }, seen);
    const apart = build.add({ kind: 'Subtract', name: 'apart' }, seen, mean);
    const head = { kind: 'Dense', name: 'scores', config: { units: 3, activation: 'softmax' } };
    const graph = build.outputs(build.add(head, apart));
    const plain = await train({ cacheFeatures: 'off' }, { graph });
    const cached = await train({}, { graph });
    expect(cached.losses).toEqual(plain.losses);
    expect(warningsIn(cached.events)).toContain('FEATURES_NOT_KEPT');
  });

  it('leaves nothing on the disk where it is stopped before the last sample', async () => {
    const stop = new AbortController();
    const samples = dataset();
    const fill: Dataset['fill'] = async (indices, into) => {
      stop.abort();
      await samples.fill(indices, into);
    };
    const { events } = await train({}, { samples: { ...samples, fill }, stop: stop.signal });
    expect(events).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});
