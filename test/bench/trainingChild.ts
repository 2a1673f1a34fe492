import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineName } from '../../src/core/plan/plan';
import { openModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import { executorOf } from '../support/sampleNet';

/** What a child of a bench says after so many steps. */
export interface StepsTaken {
  /** Of each step. */
  readonly ms: readonly number[];
  /** Of the processor, on all cores together, for each step: what another process does meanwhile changes it little. */
  readonly processorMs: readonly number[];
  /** The most memory that the process ever had resident. */
  readonly peakBytes: number;
  readonly loss: number;
  readonly tensors: number;
}

const BATCH = 16;
const SIZE = 224;
const CLASSES = 5;

const [engine = '', what = '', file = ''] = process.argv.slice(2);
await openEngine(engine as EngineName);
const { graph } = await openModel(file);
const executor = await executorOf(graph);
const trained = graph.layers.filter(({ name }) => what === 'all' || name === 'predictions');
executor.beginPhase({
  trainable: new Set(trained.map(({ id }) => id)),
  optimizer: { kind: 'adam', learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  batchNorm: 'train',
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  seed: 1,
});
// As kerasTraining.py makes them.
const data = Float32Array.from(
  { length: BATCH * SIZE * SIZE * 3 },
  (_, index) => ((index * 7919) % 2003) / 1001.5 - 1,
);
const labels = Int32Array.from({ length: BATCH }, (_, index) => index % CLASSES);
for await (const line of createInterface({ input: process.stdin })) {
  const ms: number[] = [];
  const processorMs: number[] = [];
  let loss = NaN;
  for (let step = 0; step < Number(line); step++) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    const { sums } = await executor.trainStep([{ data, shape: [BATCH, SIZE, SIZE, 3] }], labels);
    ms.push(performance.now() - began);
    const { user, system } = process.cpuUsage(used);
    processorMs.push((user + system) / 1000);
    loss = (sums.loss ?? NaN) / BATCH;
  }
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const taken: StepsTaken = { ms, processorMs, peakBytes, loss, tensors: tf.memory().numTensors };
  console.log(JSON.stringify(taken));
}
process.exit();
