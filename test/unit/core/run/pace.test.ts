import { expect, it } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { LiveFigures } from '../../../../src/core/run/liveFigures';

it('a log whose clock was set back has neither a pace nor a time left below zero', () => {
  const figures = new LiveFigures();
  const start: RunEvent = {
    ...{ type: 'start', time: 1_700_000_000_000, version: 1, name: 'digits', engine: 'cpu', device: 'cpu' },
    ...{ epochs: 2, stepsPerEpoch: 100, trainSamples: 400, validationSamples: 0, batchSize: 4 },
    ...{ classes: ['a', 'b'], totalParams: 7, trainableParams: 5 },
  };
  figures.take(start);
  for (const step of [1, 2, 3, 4, 5]) {
    const time = start.time + 100 * step - (step > 3 ? 3_600_000 : 0);
    figures.take({ type: 'step', time, step, epoch: 1, metrics: { loss: 1 } });
  }
  const { secondsLeft, samplesPerSecond } = figures.at(start.time - 3_600_000)!;
  expect(secondsLeft).toBeGreaterThanOrEqual(0);
  expect(samplesPerSecond ?? 0).toBeGreaterThanOrEqual(0);
});
