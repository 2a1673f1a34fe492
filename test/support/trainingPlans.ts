import { expect } from 'vitest';
import type { LayerConfig, LayerGraph, WeightRef } from '../../src/core/graph/layerGraph';
import { optimizerSchema } from '../../src/core/plan/optimizer';
import { rateShare } from '../../src/core/plan/rate';
import { scheduleSchema } from '../../src/core/plan/schedule';
import type { Loss, Metric } from '../../src/core/plan/plan';
import { Executor, type Answers } from '../../src/trainer/executor';
import { Means } from '../../src/trainer/means';
import document from '../parity/trainingPlans.json';
import { GraphBuilder } from '../unit/support/graphs';

type Plan = (typeof document.plans)[number];

/** Steps that Keras took, for each plan; see trainingPlans.py. */
const STEPS = 30;
const SHAPE = [6, 6, 2] as const;

export const trainingPlans = document.plans;

/** Follows a plan that real Keras has followed, on the open engine, and holds losses, metrics and weights to Keras's. */
export async function followPlan(plan: Plan): Promise<void> {
  const graph = netOf(plan);
  const executor = await Executor.create(graph, (layer, weight) =>
    Promise.resolve(firstValues(layer.name, weight, layer.weights.indexOf(weight))),
  );
  try {
    const losses = await train(executor, graph, plan);
    expect(losses).toHaveLength(STEPS);
    expectClose(losses, plan.losses, 'losses');
    expectSame(await evaluate(executor, plan), plan.evaluated);
    for (const [path, expected] of Object.entries(plan.weights as Readonly<Record<string, number[]>>)) {
      const [layer, weight] = path.split('/') as [string, string];
      expectClose(await executor.weight(layer, weight), expected, path);
    }
  } finally {
    executor.dispose();
  }
}

async function train(executor: Executor, graph: LayerGraph, plan: Plan): Promise<readonly number[]> {
  const losses: number[] = [];
  for (const phase of plan.phases as readonly PhaseWords[]) {
    const isFrozen = (name: string) => phase.frozen?.includes(name) === true;
    const optimizer = optimizerSchema.parse(phase.optimizer);
    executor.beginPhase({
      trainable: new Set(graph.layers.filter(({ name }) => !isFrozen(name)).map(({ id }) => id)),
      learningRateMultipliers: new Map(
        graph.layers.map(({ id, name }) => [id, phase.multipliers?.[name] ?? 1] as const),
      ),
      optimizer,
      batchNorm: phase.batchNorm ?? 'train',
      loss: plan.loss as Loss,
      fromLogits: 'fromLogits' in plan ? plan.fromLogits : undefined,
      labelSmoothing: 'labelSmoothing' in plan ? plan.labelSmoothing : undefined,
      classWeights: 'classWeights' in plan ? plan.classWeights : undefined,
      metrics: plan.metrics as readonly Metric[],
      seed: 1,
    });
    const schedule = scheduleSchema.parse(phase.schedule ?? { kind: 'constant' });
    const { stepsPerEpoch } = document;
    const epochs = phase.steps / stepsPerEpoch;
    for (let step = 0; step < phase.steps; step++) {
      executor.learningRate = optimizer.learningRate * rateShare(schedule, { step, stepsPerEpoch, epochs });
      const taken = losses.length;
      const { sums, samples } = await executor.trainStep([samplesOf(taken)], answersOf(plan, taken));
      losses.push(sums.loss! / samples);
    }
  }
  return losses;
}

async function evaluate(executor: Executor, plan: Plan): Promise<Readonly<Record<string, number>>> {
  const means = new Means();
  for (let step = 0; step < STEPS; step++) {
    means.add(await executor.evaluate([samplesOf(step)], answersOf(plan, step)));
  }
  return means.metrics();
}

interface PhaseWords {
  readonly steps: number;
  readonly optimizer: object;
  readonly frozen?: readonly string[];
  readonly multipliers?: Readonly<Record<string, number>>;
  readonly schedule?: object;
  readonly batchNorm?: 'inference';
}

/** Float32 over 30 steps, summed in another order. */
const TOLERANCE = 1e-4;

function expectClose(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(found.length, what).toBe(expected.length);
  const gaps = expected.map((value, index) => Math.abs(value - found[index]!));
  expect(Math.max(...gaps), what).toBeLessThan(TOLERANCE);
}

function expectSame(found: Readonly<Record<string, number>>, expected: object): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected) as [string, number][]) {
    expect(Math.abs(found[name]! - value), name).toBeLessThan(TOLERANCE);
  }
}

function netOf(plan: Plan): LayerGraph {
  const regularizers = ('regularizers' in plan ? plan.regularizers : {}) as Readonly<
    Record<string, Readonly<Record<string, readonly [string, LayerConfig]>>>
  >;
  const build = new GraphBuilder();
  let x = build.input([null, ...SHAPE], 'input');
  const add = (kind: string, name: string, config: LayerConfig) => {
    const own = Object.entries(regularizers[name] ?? {}).map(([key, [of, factors]]) => [
      key,
      { kind: of, config: factors },
    ]);
    x = build.add({ kind, name, config: { ...config, ...Object.fromEntries(own) } }, x);
  };
  add('Conv2D', 'conv', { filters: 4, kernel_size: 3, padding: 'same', use_bias: false });
  add('BatchNormalization', 'bn', { momentum: 0.9 });
  add('Activation', 'tanh', { activation: 'tanh' });
  add('DepthwiseConv2D', 'depthwise', { kernel_size: 3, use_bias: false });
  add('BatchNormalization', 'bn_2', { momentum: 0.9 });
  add('Activation', 'relu', { activation: 'relu' });
  add('Flatten', 'flatten', {});
  add('Dense', 'dense', { units: 5, activation: 'tanh' });
  add('Dense', 'head', plan.head);
  return build.outputs(x);
}

/** `offset + scale sin(seed + 1.7 i + 0.31 i^1.1)`, as trainingPlans.py has it. */
function sines(count: number, seed: number, scale = 1, offset = 0): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, i) => offset + scale * Math.sin(seed + 1.7 * i + 0.31 * i ** 1.1),
  );
}

function firstValues(layer: string, { name, shape }: WeightRef, index: number): Float32Array {
  const count = shape.reduce((product, length) => product * length, 1);
  if (name === 'bias') return new Float32Array(count);
  return sines(count, layer.length + index, 0.4, name === 'gamma' || name === 'moving_variance' ? 1 : 0);
}

function samplesOf(step: number) {
  const { batch } = document;
  return { data: sines(batch * 6 * 6 * 2, 100 + 13 * step), shape: [batch, ...SHAPE] };
}

function answersOf({ answers, head: { units } }: Plan, step: number): Answers {
  const { batch } = document;
  const classes = Int32Array.from({ length: batch }, (_, row) => {
    const index = row + batch * step;
    return (index * index + step) % Math.max(units, 2);
  });
  switch (answers) {
    case 'classes':
      return classes;
    case 'binary':
      return Float32Array.from(classes);
    case 'oneHot':
      return Float32Array.from({ length: batch * units }, (_, at) =>
        classes[Math.floor(at / units)] === at % units ? 1 : 0,
      );
    case 'labels':
      return sines(batch * units, 7 + step).map((value) => (value > 0.2 ? 1 : 0));
    default:
      return sines(batch * units, 3 + step, 1.5);
  }
}
