import { expect } from 'vitest';
import type { LayerGraph } from '../../src/core/graph/layerGraph';
import type { Optimizer } from '../../src/core/plan/plan';
import type { Executor } from '../../src/trainer/executor';
import type document from '../parity/transcripts.json';
import type { Batch } from './digits';
import { executorOf, sampleGraph } from './sampleNet';

type Transcript = (typeof document.transcripts)[keyof typeof document.transcripts];

/**
 * Trains the sample net on the open engine as a transcript of real Keras has it, and holds it to Keras's numbers.
 *
 * @param batches the transcript's; where an engine is slow here, the first of them, and only its steps are looked at
 */
export async function followTranscript(transcript: Transcript, batches: readonly Batch[]): Promise<void> {
  const regularizer = { kind: 'L2', config: { l2: transcript.denseL2 } };
  const graph = await sampleGraph((kind, config) => {
    if (kind === 'Dropout') return { ...config, rate: 0 };
    return kind === 'Dense' && transcript.denseL2 > 0
      ? { ...config, kernel_regularizer: regularizer }
      : config;
  });
  const executor = await executorOf(graph);
  try {
    await follow(executor, graph, transcript, batches);
  } finally {
    executor.dispose();
  }
}

async function follow(
  executor: Executor,
  graph: LayerGraph,
  transcript: Transcript,
  batches: readonly Batch[],
): Promise<void> {
  const isFrozen = (kind: string) => kind === 'BatchNormalization' && transcript.frozenNormalization;
  executor.beginPhase({
    trainable: new Set(graph.layers.filter(({ kind }) => !isFrozen(kind)).map(({ id }) => id)),
    optimizer: transcript.optimizer as Optimizer,
    batchNorm: 'train',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    seed: 1,
  });

  const losses: number[] = [];
  const accuracies: number[] = [];
  for (const { input, labels } of batches) {
    const { samples, sums } = await executor.trainStep([input], labels);
    losses.push(sums.loss / samples);
    accuracies.push(sums.accuracy / samples);
  }
  const worst = Math.max(...losses.map((loss, step) => Math.abs(loss - transcript.steps[step].loss)));
  expect(losses.length).toBe(batches.length);
  expect(worst).toBeLessThan(1e-4);
  expect(accuracies).toEqual(transcript.steps.slice(0, batches.length).map(({ accuracy }) => accuracy));
  if (batches.length < transcript.steps.length) return;

  const { samples, sums } = await executor.evaluate([batches[0].input], batches[0].labels);
  // A few steps on, rounding has grown where the loss swings, as it does with this rate of SGD.
  expect(Math.abs(sums.loss / samples - transcript.evaluated.loss)).toBeLessThan(1e-3);
  for (const [layer, statistics] of Object.entries(transcript.statistics)) {
    for (const [name, expected] of Object.entries(statistics)) {
      const values = await executor.weight(layer, name);
      const gap = Math.max(...expected.map((value, index) => Math.abs(value - values[index])));
      expect(gap, `${layer}/${name}`).toBeLessThan(1e-3);
    }
  }
}
