import { expect, test } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { LiveFigures } from '../../../../src/core/run/liveFigures';
import { startOf } from '../../../../src/core/run/runStart';
import { measureProgress } from '../../../../webview/metrics/progress';
import { NO_EVENTS, reduceEvents } from '../../../../webview/metrics/runState';
import { start, step, T0, wholeEpochs } from '../../webview/metrics/runEvents';

function after(...events: readonly RunEvent[]): LiveFigures {
  const figures = new LiveFigures();
  for (const event of events) figures.take(event);
  return figures;
}

const PHASE: RunEvent = {
  ...{ type: 'phase', phase: 0, epoch: 1, time: T0, trainableLayers: 2, frozenLayers: 5 },
};

test('a run that has told nothing has no figures', () => {
  expect(after().at(T0)).toBeUndefined();
});

test.each([
  ['a few steps', [start(), PHASE, ...[1, 2, 3, 4, 5].map((each) => step(each))]],
  ['whole epochs', wholeEpochs(3)],
  ['an epoch and some steps', [...wholeEpochs(2), ...[21, 22, 23, 24, 25].map((each) => step(each))]],
])('are those of the panel, which keeps all steps: %s', (_, events) => {
  const now = (events.at(-1)?.time ?? 0) + 400;
  const panel = measureProgress(reduceEvents(NO_EVENTS, events), 'running', now);
  expect(after(...events).at(now)).toMatchObject({
    epoch: panel.epoch,
    step: panel.step,
    samplesPerSecond: panel.samplesPerSecond,
    secondsLeft: panel.secondsLeft,
    paused: false,
  });
});

test('however many steps there were', () => {
  const figures = after(start({ stepsPerEpoch: 100_000 }));
  for (let each = 1; each <= 5000; each++)
    figures.take(step(each, { loss: 1 }, { epoch: 1, time: T0 + each * 10 }));
  const found = figures.at(T0 + 50_000);
  expect(found).toMatchObject({ step: 5000, epoch: 1 });
  expect(found?.samplesPerSecond).toBeCloseTo((found?.start.batchSize ?? NaN) * 100, 6);
});

test('a run that is trained longer has more epochs from there on, here and in the panel', () => {
  const end: RunEvent = { type: 'end', time: T0 + 7000, status: 'finished', model: [] };
  const on: RunEvent = {
    ...{ type: 'resumed', time: T0 + 90_000, epoch: 4, step: 40 },
    ...{ checkpoint: 'checkpoints/epoch-0004', epochs: 6 },
  };
  const events = [...wholeEpochs(4), end, on];
  expect(after(...events).at(T0 + 90_000)).toMatchObject({ start: { epochs: 6 }, epoch: 4, step: 40 });
  expect(startOf(events)?.epochs).toBe(6);
  const state = reduceEvents(NO_EVENTS, events);
  expect([state.start?.epochs, state.end]).toEqual([6, null]);
  expect(startOf(wholeEpochs(4))?.epochs).toBe(4);
});

test('a pause has no time left, and none of it is pace', () => {
  const where = { epoch: 0, step: 5 };
  const figures = after(start(), ...[1, 2, 3, 4, 5].map((each) => step(each)));
  figures.take({ type: 'paused', time: T0 + 600, ...where });
  expect(figures.at(T0 + 9000)).toMatchObject({ paused: true, secondsLeft: null });
  figures.take({ type: 'resumed', time: T0 + 60_000, ...where });
  expect(figures.at(T0 + 60_000)).toMatchObject({ paused: false, secondsLeft: null });
});
