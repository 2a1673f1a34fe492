import { describe, expect, it } from 'vitest';
import type { Metrics, RunEvent } from '../../../src/core/run/events';
import { isPaused, progressOf, resultOf } from '../../../src/host/runProgress';

const time = 0;
const start: RunEvent = {
  type: 'start',
  version: 1,
  time,
  name: 'digits',
  engine: 'wasm',
  device: 'WebAssembly SIMD',
  epochs: 10,
  stepsPerEpoch: 2,
  trainSamples: 64,
  validationSamples: 16,
  batchSize: 32,
  classes: ['5', '6'],
  totalParams: 10,
  trainableParams: 5,
};
const step = (number: number, epoch: number, metrics: Metrics): RunEvent => ({
  type: 'step',
  time,
  step: number,
  epoch,
  metrics,
});
const epoch = (number: number, metrics: Metrics): RunEvent => ({
  type: 'epoch',
  time,
  epoch: number,
  step: number * 2,
  metrics,
  seconds: 1,
  samplesPerSecond: 64,
});

describe('progressOf', () => {
  it('says that a run is paused until it goes on', () => {
    const paused: RunEvent = { type: 'paused', time, epoch: 0, step: 1 };
    const resumed: RunEvent = { type: 'resumed', time, epoch: 0, step: 1 };
    expect(progressOf([start, step(1, 1, {}), paused])).toBe('paused · epoch 1/10');
    expect(progressOf([start, step(1, 1, {}), paused, resumed])).toBe('epoch 1/10');
    expect(isPaused([start, paused, step(2, 1, {})])).toBe(false);
  });

  it('follows the newest event', () => {
    expect(progressOf([])).toBe('starting');
    expect(progressOf([start])).toBe('epoch 1/10');
    expect(progressOf([start, step(1, 1, { loss: 1, accuracy: 0.5 })])).toBe('epoch 1/10 · accuracy 50.0 %');
    const later = [epoch(1, { accuracy: 0.75 }), step(3, 2, { accuracy: 0.931 })];
    expect(progressOf([start, ...later])).toBe('epoch 2/10 · accuracy 93.1 %');
  });
});

describe('resultOf', () => {
  it('is the last validation, the last training accuracy, or nothing', () => {
    const first = epoch(1, { accuracy: 0.9, val_accuracy: 0.8 });
    expect(resultOf([start, first, epoch(2, { accuracy: 0.95, val_accuracy: 0.97 })])).toBe(
      'validation accuracy 97.0 %',
    );
    expect(resultOf([start, epoch(1, { accuracy: 0.9 })])).toBe('accuracy 90.0 %');
    expect(resultOf([start])).toBe('');
  });
});
