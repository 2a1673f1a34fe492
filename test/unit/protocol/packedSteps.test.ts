import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { historyOf, stepAt } from '../../../src/core/run/history';
import { packSteps, unpackSteps } from '../../../src/protocol/packedSteps';

const T0 = 1_795_312_287_593;
const steps = (count: number, metrics: (step: number) => Record<string, number>): RunEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ type: 'step', time: T0 + index * 50, step: 4_000_000 + index, epoch: 1 + Math.floor(index / 7) },
    metrics: metrics(index),
  }));

/** What a message of them carries. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.buffer.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + bytesOf(each), 0);
}

test.each<[string, (step: number) => Record<string, number>]>([
  ['32-bit metrics', (step) => ({ loss: Math.fround(1 / (step + 1)), accuracy: Math.fround(step / 1000) })],
  ['64-bit metrics', (step) => ({ loss: 1 / (step + 3), accuracy: 0.1 })],
  [
    'no number, and none',
    (step): Record<string, number> => (step % 3 === 0 ? { loss: NaN } : { accuracy: 1 }),
  ],
  ['zeros of both signs', (step) => ({ loss: step % 2 === 0 ? -0 : 0 })],
  ['tiny and huge', (step) => ({ loss: 5e-324 * step, accuracy: 1e300, other: -1e-40 })],
  ['one value', () => ({ accuracy: 1, loss: 0 })],
])('gives back every bit of %s', (_, metrics) => {
  const events = steps(100, metrics);
  const columns = unpackSteps(packSteps(historyOf(events).steps));
  expect(events.map((_event, index) => stepAt(columns, index))).toEqual(events);
});

test('gives back steps that jump far', () => {
  const events: RunEvent[] = [0, 2 ** 40, 5, 2 ** 50 + 1].map((step) => ({
    ...{ type: 'step', time: step + 0.25, step, epoch: step },
    metrics: {},
  }));
  const columns = unpackSteps(packSteps(historyOf(events).steps));
  expect(events.map((_event, index) => stepAt(columns, index))).toEqual(events);
});

test('takes 24 bytes at most of a step of three metrics', () => {
  const metrics = (step: number) => ({ loss: Math.fround(Math.sin(step)), accuracy: 0.5, top5: 1 });
  const history = historyOf(steps(50_000, metrics));
  expect(bytesOf(packSteps(history.steps))).toBeLessThanOrEqual(24 * 50_000);
  expect(bytesOf(packSteps(historyOf([]).steps))).toBe(0);
});
