import type {
  EndEvent,
  EpochEvent,
  Metrics,
  RunEvent,
  StartEvent,
  StepEvent,
} from '../../../../src/core/run/events';

/** A run's events by hand: `T0` is when it starts, a step takes 100 ms, validation another 500. */
export const T0 = Date.UTC(2025, 2, 1, 12, 0, 0);

export function start(changes: Partial<StartEvent> = {}): StartEvent {
  return {
    type: 'start',
    version: 1,
    time: T0,
    name: 'digits',
    engine: 'wasm',
    device: 'WebAssembly SIMD, 2 cores',
    epochs: 4,
    stepsPerEpoch: 10,
    trainSamples: 320,
    validationSamples: 80,
    batchSize: 32,
    classes: ['5', '6', '7', '8', '9'],
    totalParams: 1000,
    trainableParams: 100,
    ...changes,
  };
}

export function step(
  number: number,
  metrics: Metrics = { loss: 1 },
  changes: Partial<StepEvent> = {},
): StepEvent {
  return {
    type: 'step',
    step: number,
    epoch: Math.ceil(number / 10),
    time: T0 + number * 100 + (Math.ceil(number / 10) - 1) * 500,
    metrics,
    ...changes,
  };
}

export function epoch(
  number: number,
  metrics: Metrics = { loss: 1 },
  changes: Partial<EpochEvent> = {},
): EpochEvent {
  return {
    type: 'epoch',
    epoch: number,
    step: number * 10,
    time: T0 + number * 1500,
    metrics,
    seconds: 1.5,
    samplesPerSecond: 213,
    ...changes,
  };
}

export function end(status: EndEvent['status'], changes: Partial<EndEvent> = {}): EndEvent {
  return { type: 'end', status, time: T0 + 6100, model: [], ...changes };
}

/** `epochs` whole epochs of ten steps each, with their epoch events. */
export function wholeEpochs(epochs: number): RunEvent[] {
  const events: RunEvent[] = [start()];
  for (let number = 1; number <= epochs; number++) {
    for (let index = 1; index <= 10; index++) events.push(step((number - 1) * 10 + index));
    events.push(epoch(number));
  }
  return events;
}
