import { openEngine } from '../../src/trainer/engines/engine';
import type { Executor } from '../../src/trainer/executor';
import type { LayerGraph } from '../../src/core/graph/layerGraph';
import { digitBatches, type Batch } from '../support/digits';
import { executorOf, sampleGraph } from '../support/sampleNet';
import { median } from './median';

export default 'executor';

const BATCH = 32;

/** How long each number is measured for, after one call to warm up. */
const LEAST_MS = 1500;

/** Images a second of the sample net: forward, head only, all layers; on wasm and, for the ratio, on cpu. */
export async function run(): Promise<Record<string, number>> {
  const [batch] = await digitBatches(1, BATCH);
  const graph = await sampleGraph();
  const results: Record<string, number> = {};
  for (const engine of ['wasm', 'cpu'] as const) {
    await openEngine(engine);
    const executor = await executorOf(graph);
    results[`${engine} forward images/s`] = await rate(() => executor.predict([batch.input]));
    results[`${engine} head step images/s`] = await trainRate(executor, graph, batch, [
      'hidden',
      'predictions',
    ]);
    const all = graph.layers.map(({ name }) => name);
    results[`${engine} full step images/s`] = await trainRate(executor, graph, batch, all);
    executor.dispose();
  }
  return results;
}

function trainRate(
  executor: Executor,
  graph: LayerGraph,
  batch: Batch,
  trained: readonly string[],
): Promise<number> {
  executor.beginPhase({
    trainable: new Set(graph.layers.filter(({ name }) => trained.includes(name)).map(({ id }) => id)),
    optimizer: { kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    batchNorm: 'train',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    seed: 1,
  });
  return rate(() => executor.trainStep([batch.input], batch.labels));
}

/** Images a second, by the median call. */
async function rate(call: () => Promise<unknown>): Promise<number> {
  await call();
  const times: number[] = [];
  for (const began = performance.now(); performance.now() - began < LEAST_MS || times.length < 3;) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return Math.round((BATCH * 1000) / median(times));
}
