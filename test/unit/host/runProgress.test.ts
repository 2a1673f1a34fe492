import { describe, expect, it } from 'vitest';
import type { Metrics, RunEvent } from '../../../src/core/run/events';
import { LiveFigures } from '../../../src/core/run/liveFigures';
import {
  fractionOf,
  isPaused,
  progressOf,
  resultOf,
  summaryOf,
  tooltipOf,
} from '../../../src/host/runProgress';

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

describe('what the status bar and the notification say', () => {
  const steps = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => ({
    ...step(number, Math.ceil(number / 2), { loss: 1, accuracy: 0.9 }),
    time: number * 1000,
  }));
  const figuresOf = (told: readonly RunEvent[]) => {
    const figures = new LiveFigures();
    for (const event of told) figures.take(event);
    return figures.at(8000);
  };

  it('is where it is and how long it will take', () => {
    const long = { ...start, stepsPerEpoch: 100 };
    const inOne = steps.map((each) => ({ ...each, epoch: 1 }));
    const figures = figuresOf([long, ...inOne]);
    expect(summaryOf([long, ...inOne], { figures, machine: undefined })).toBe(
      'epoch 1/10 · accuracy 90.0 % · 16m 32s left',
    );
    expect(fractionOf(figures)).toBe(0.008);
    expect([summaryOf([], { figures: undefined, machine: undefined }), fractionOf(undefined)]).toEqual([
      'starting',
      0,
    ]);
  });

  it('and, pointed at, all that is known, of which nothing is Markdown', () => {
    const machine = {
      ...{ time: 0, memory: 1.5 * 2 ** 30, tensors: 2 ** 20 },
      gpus: [{ name: 'H100 | <b>', load: 0.5, memoryUsed: 2 ** 30, memoryTotal: 2 ** 33 }],
    };
    const phase: RunEvent = { type: 'phase', time, phase: 1, epoch: 1, trainableLayers: 2, frozenLayers: 7 };
    const tooltip = tooltipOf('a*b', { figures: figuresOf([start, phase, ...steps]), machine });
    expect(tooltip).toContain('**Training a\\*b**');
    expect(tooltip).toContain('| Engine | wasm, WebAssembly SIMD |');
    expect(tooltip).toContain('| Phase | 2: 2 layers in training, 7 frozen |');
    expect(tooltip).toContain('| Epoch | 4 of 10 |');
    expect(tooltip).toContain('| Step | 8 of 20 |');
    expect(tooltip).toContain('| Memory | 1\\.5 GB, 1 MB in tensors |');
    expect(tooltip).toContain('| GPU | 50% · 1 GB of 8 GB · H100 \\| \\<b\\> |');
    expect(tooltipOf('a', { figures: undefined, machine: undefined })).toBe(
      '**Training a**\n\nClick to show the runs',
    );
  });
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
