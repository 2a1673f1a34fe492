import type { EpochEvent, RunEvent, StartEvent } from '../../../src/core/run/events';
import type { RunView } from '../../../src/protocol/runPanel';

/** A run as a real trainer writes it: the fine-tuning of a digit classifier, noise and all, the same each time. */

export interface RunShape {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Whole epochs written, and steps of the one after them. */
  readonly epochsDone: number;
  readonly stepsMore?: number;
  readonly top5?: boolean;
  /** Milliseconds since 1970 UTC of the last event. */
  readonly until: number;
}

const STEP_MILLISECONDS = 160;
const VALIDATION_MILLISECONDS = 900;
const BATCH = 32;

export function trainingEvents({
  epochs,
  stepsPerEpoch,
  epochsDone,
  stepsMore = 0,
  top5 = false,
  until,
}: RunShape): RunEvent[] {
  const random = seeded(42);
  const noise = () => random() + random() - 1;
  const epochMilliseconds = stepsPerEpoch * STEP_MILLISECONDS + VALIDATION_MILLISECONDS;
  const began = until - epochsDone * epochMilliseconds - stepsMore * STEP_MILLISECONDS - 2000;
  const lossAt = (step: number) => 0.11 + 1.55 * Math.exp(-step / (epochs * stepsPerEpoch * 0.16));
  const accuracyAt = (step: number) => 0.975 - 0.72 * Math.exp(-step / (epochs * stepsPerEpoch * 0.13));
  const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * BATCH) / BATCH;

  const start: StartEvent = {
    type: 'start',
    version: 1,
    time: began,
    name: 'digits-0-4',
    engine: 'wasm',
    device: 'WebAssembly SIMD, 2 cores',
    epochs,
    stepsPerEpoch,
    trainSamples: stepsPerEpoch * BATCH,
    validationSamples: 300,
    batchSize: BATCH,
    classes: ['5', '6', '7', '8', '9'],
    totalParams: 121_930,
    trainableParams: 4_805,
  };
  const events: RunEvent[] = [
    start,
    { type: 'phase', time: began, phase: 0, epoch: 1, trainableLayers: 2, frozenLayers: 9 },
  ];
  for (let epoch = 1; epoch <= epochsDone + (stepsMore > 0 ? 1 : 0); epoch++) {
    const epochBegan = began + 2000 + (epoch - 1) * epochMilliseconds;
    const steps = epoch <= epochsDone ? stepsPerEpoch : stepsMore;
    for (let index = 1; index <= steps; index++) {
      const step = (epoch - 1) * stepsPerEpoch + index;
      const loss = lossAt(step) * (1 + 0.4 * noise()) + 0.03;
      const accuracy = share(accuracyAt(step) + 0.07 * noise());
      events.push({
        type: 'step',
        step,
        epoch,
        time: epochBegan + index * STEP_MILLISECONDS,
        metrics: { loss, accuracy, ...(top5 ? { top5: share(0.2 + 0.8 * accuracyAt(step) + 0.05) } : {}) },
      });
    }
    if (epoch > epochsDone) break;
    const middle = (epoch - 0.5) * stepsPerEpoch;
    // Beyond two thirds of the run it learns the training images by heart.
    const overfit = Math.max(0, epoch / epochs - 0.66);
    events.push({
      type: 'epoch',
      epoch,
      step: epoch * stepsPerEpoch,
      time: epochBegan + epochMilliseconds,
      seconds: epochMilliseconds / 1000,
      samplesPerSecond: (1000 * BATCH) / STEP_MILLISECONDS,
      metrics: {
        loss: lossAt(middle) + 0.03,
        accuracy: accuracyAt(middle),
        val_loss: lossAt(middle * 1.15) * 1.04 + overfit * 0.5 + 0.02 * noise(),
        val_accuracy: accuracyAt(middle * 1.1) - 0.012 - overfit * 0.06 + 0.006 * noise(),
        ...(top5 ? { top5: 0.2 + 0.8 * accuracyAt(middle), val_top5: 0.19 + 0.8 * accuracyAt(middle) } : {}),
      },
    });
  }
  return events;
}

export function lastEpoch(events: readonly RunEvent[]): EpochEvent {
  const found = events.findLast((event) => event.type === 'epoch');
  if (found === undefined) throw new Error('these events hold no epoch');
  return found;
}

export function runView(changes: Partial<RunView> & Pick<RunView, 'id' | 'status'>): RunView {
  return { name: 'digits-0-4', startedAt: Date.now() - 90_000, ...changes };
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
