import { describe, expect, test } from 'vitest';
import { progressAfter, START } from '../../../src/cli/progress';
import { renderBar, renderEvent, showSeconds } from '../../../src/cli/renderProgress';
import { renderPredictions } from '../../../src/cli/predict';
import type { RunEvent } from '../../../src/core/run/events';

const start: RunEvent = {
  type: 'start',
  time: 1000,
  version: 1,
  name: 'digits',
  engine: 'wasm',
  device: 'WebAssembly SIMD',
  epochs: 2,
  stepsPerEpoch: 10,
  trainSamples: 80,
  validationSamples: 20,
  batchSize: 8,
  classes: ['a', 'b', 'c'],
  totalParams: 10,
  trainableParams: 5,
};

/** Two steps a second. */
const step = (count: number): RunEvent => ({
  type: 'step',
  time: 1000 + 500 * count,
  step: count,
  epoch: Math.ceil(count / 10),
  metrics: { loss: 1 / count, accuracy: 0.5 },
});

const after = (...events: RunEvent[]) => events.reduce(progressAfter, START);
const steps = (count: number) => Array.from({ length: count }, (_, index) => step(index + 1));

describe('progress', () => {
  test('knows the speed of this epoch and the time left of the run', () => {
    expect(after(start, ...steps(5))).toMatchObject({
      epoch: 1,
      step: 5,
      samplesPerSecond: 16,
      secondsLeft: 7.5,
    });
    expect(after(start, ...steps(20))).toMatchObject({ epoch: 2, step: 20, secondsLeft: 0 });
    expect(after(start, step(1))).toMatchObject({ secondsLeft: 9.5 });
    expect(after(start, step(1)).samplesPerSecond).toBeUndefined();
  });

  test('starts the speed anew with each epoch', () => {
    const late: RunEvent = { ...step(11), time: 60_000 };
    const next: RunEvent = { ...step(12), time: 61_000 };
    expect(after(start, ...steps(10), late, next).samplesPerSecond).toBe(8);
  });

  test('has no time left below zero where the clock was set back', () => {
    expect(after(start, { ...step(5), time: -3_600_000 })).toMatchObject({ secondsLeft: 0 });
  });
});

describe('the bar', () => {
  test('shows epoch, step, metrics, speed and time left', () => {
    expect(renderBar(after(start, ...steps(15)), 200)).toBe(
      'epoch 2/2 [============............] 5/10  loss 0.0667  accuracy 0.5000  16 samples/s  0:03 left',
    );
  });

  test('stays one column short of the terminal', () => {
    expect(renderBar(after(start, ...steps(3)), 40)).toHaveLength(39);
  });

  test('tells times', () => {
    expect([0.4, 7, 65, 3723].map(showSeconds)).toEqual(['0:00', '0:07', '1:05', '1:02:03']);
  });
});

describe('lines that stay', () => {
  const line = (event: RunEvent) => renderEvent(event, after(start), '/runs/r1');

  test('one for each event but steps', () => {
    expect(line(start)).toBe(
      'digits: 80 samples to train on, 20 to validate, 3 classes; wasm (WebAssembly SIMD)',
    );
    expect(line({ type: 'phase', time: 0, phase: 0, epoch: 1, trainableLayers: 2, frozenLayers: 5 })).toBe(
      'phase 1: 2 layers train, 5 are frozen',
    );
    expect(line(step(1))).toBeUndefined();
    expect(
      line({
        type: 'epoch',
        time: 0,
        epoch: 1,
        step: 10,
        metrics: { loss: 0.51236, val_accuracy: 0.9 },
        seconds: 5.04,
        samplesPerSecond: 15.9,
      }),
    ).toBe('epoch 1/2  loss 0.5124  val_accuracy 0.9000  5.0 s, 16 samples/s');
    expect(line({ type: 'end', time: 0, status: 'finished', model: ['model/model.h5'] })).toBe(
      'finished: /runs/r1/model/model.h5',
    );
    expect(line({ type: 'end', time: 0, status: 'failed', model: [] })).toBeUndefined();
  });
});

test('predictions line up, and outputs without scores say what to do', () => {
  const top = [
    { index: 1, label: 'cat', score: 0.75 },
    { index: 0, label: 'dog', score: 0.25 },
  ];
  const predictions = [
    { input: '/images/a.png', top },
    { input: '/images/long.png', top },
  ];
  expect(renderPredictions({ type: 'predictions', shape: [2, 2], predictions }, undefined)).toBe(
    'a.png     cat 0.7500  dog 0.2500\nlong.png  cat 0.7500  dog 0.2500\n',
  );
  expect(renderPredictions({ type: 'predictions', shape: [2, 4, 4], predictions: [] }, undefined)).toBe(
    'outputs of shape (2, 4, 4); say --output Y.npy to keep them\n',
  );
  expect(renderPredictions({ type: 'predictions', shape: [2, 4, 4], predictions: [] }, 'y.npy')).toBe(
    'wrote y.npy: outputs of shape (2, 4, 4)\n',
  );
});
