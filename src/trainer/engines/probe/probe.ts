import { Failure } from '../../../core/failure';
import type { EngineName } from '../../../core/plan/plan';
import type { EngineFound } from '../../../protocol/engines';
import { Executor } from '../../executor';
import { openEngine, type Installed } from '../engine';
import { INPUT, LABELS, probeNet, waves } from './net';
import { t } from '../../../l10n/translate';

/**
 * Losses of the net of net.ts: at the first step, at the second (which the first one's gradients move), and evaluated
 * (which the moving statistics go into). Real Keras gives these; test/parity/probe.py asks it again.
 */
export const EXPECTED = [1.483662, 1.019862, 1.046698] as const;

/** A card that computes in TF32, as TensorFlow has it, keeps three digits; a wrong gradient keeps none. */
const TOLERANCE = 5e-3;

export const LEARNING_RATE = 0.5;

/**
 * Opens an engine in this process and trains on it for two steps.
 * @throws Failure of kind `work` (`ENGINE_UNAVAILABLE`, `ENGINE_WRONG`) where it does not open or computes other numbers
 */
export async function probe(name: EngineName, installation?: Installed): Promise<EngineFound> {
  const engine = await openEngine(name, installation);
  const losses = await trainProbeNet();
  const wrong = losses.findIndex((loss, index) => !(Math.abs(loss - EXPECTED[index]!) <= TOLERANCE));
  if (wrong < 0) return engine;
  throw new Failure(
    'work',
    'ENGINE_WRONG',
    t(
      'engine {0} ({1}) computes wrongly: loss {2} of its probe is {3}, expected {4}; update the driver or the library, or use another engine',
      name,
      engine.device,
      wrong + 1,
      losses[wrong],
      EXPECTED[wrong],
    ),
  );
}

/** The losses that `EXPECTED` has, on the engine that is open. */
export async function trainProbeNet(): Promise<readonly number[]> {
  const graph = probeNet();
  const executor = await Executor.create(graph, (layer, weight) => {
    const positive = weight.name === 'gamma' || weight.name === 'moving_variance';
    return Promise.resolve(waves(weight.shape, layer.name.length + weight.name.length, positive ? 1 : 0));
  });
  try {
    executor.beginPhase({
      trainable: new Set(graph.layers.map(({ id }) => id)),
      optimizer: { kind: 'sgd', learningRate: LEARNING_RATE, momentum: 0, nesterov: false },
      batchNorm: 'train',
      loss: 'sparseCategoricalCrossentropy',
      metrics: [],
      seed: 0,
    });
    const batch = { shape: INPUT.map((length) => length ?? 1), data: waves(INPUT, 0) };
    const results = [
      await executor.trainStep([batch], LABELS),
      await executor.trainStep([batch], LABELS),
      await executor.evaluate([batch], LABELS),
    ];
    return results.map(({ sums, samples }) => (sums.loss ?? NaN) / samples);
  } finally {
    executor.dispose();
  }
}
