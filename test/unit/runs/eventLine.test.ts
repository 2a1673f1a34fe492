import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { HistoryBuilder } from '../../../src/core/run/history';
import { formatEventLine, parseEventLine } from '../../../src/runs/eventLine';
import { StepLineReader } from '../../../src/runs/stepLine';

const epoch = (metrics: Record<string, number>): RunEvent => ({
  ...{ type: 'epoch', time: 1, epoch: 1, step: 2, seconds: 3, samplesPerSecond: 4 },
  metrics,
});

test('a metric that is no number costs the event nothing', () => {
  const line = formatEventLine(epoch({ loss: 0.5, val_loss: NaN, auc: Infinity })).trim();
  expect(parseEventLine(line)).toEqual({
    is: 'event',
    event: epoch({ loss: 0.5, val_loss: NaN, auc: NaN }),
  });
});

test('a metric that is text is no event', () => {
  expect(parseEventLine('{"type":"step","time":1,"step":1,"epoch":1,"metrics":{"loss":"low"}}')).toEqual({
    is: 'broken',
  });
});

test('a start of a newer version is told from a broken one', () => {
  expect(parseEventLine('{"type":"start","version":2,"time":1}')).toEqual({
    is: 'unknown',
    type: 'start, version 2',
  });
  expect(parseEventLine('{"type":"start","version":1,"time":1}')).toEqual({ is: 'broken' });
});

test.each([1e300, -1e300, 8.64e15 + 1])('a time that no date has is no event: %d', (time) => {
  const step = JSON.stringify({ type: 'step', time, step: 1, epoch: 1, metrics: {} });
  expect(parseEventLine(step)).toEqual({ is: 'broken' });
  expect(new StepLineReader(new HistoryBuilder()).read(Buffer.from(step), 0, step.length)).toBe(false);
});
