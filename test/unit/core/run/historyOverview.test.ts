import { expect, test } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { historyOf } from '../../../../src/core/run/history';
import { HistoryOverview } from '../../../../src/core/run/historyOverview';
import { seededRandom } from '../../../../src/data/random';

const saved = (step: number): RunEvent => ({
  ...{ type: 'checkpoint', time: step, epoch: 1, step, folder: `checkpoints/${step}`, reason: 'epoch' },
});

function part(from: number, count: number, random: () => number): readonly RunEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const step = from + index;
    const metrics = { loss: random() < 0.01 ? NaN : random(), ...(step % 2 === 0 && { accuracy: random() }) };
    const told: RunEvent = { type: 'step', time: step, step, epoch: Math.ceil(step / 100), metrics };
    return step % 1000 === 0 ? [told, saved(step)] : [told];
  }).flat();
}

test('keeps the lowest and the highest of each metric in every stretch of a long history, and both ends', () => {
  for (let seed = 0; seed < 5; seed++) {
    const random = seededRandom(seed);
    const parts = [part(1, 5000, random), part(5001, 3777, random), part(8778, 100, random)];
    const overview = new HistoryOverview();
    for (const events of parts) overview.add(historyOf(events));
    expect(overview.isWhole).toBe(false);
    const { steps, events, before } = overview.take();
    expect(steps.length).toBeLessThan(9 * 20 + 30);
    expect([steps.step[0], steps.step.at(-1)]).toEqual([1, 8877]);
    const kept = new Set(steps.step);
    for (const whole of parts.map((each) => historyOf(each).steps)) {
      for (const values of Object.values(whole.metrics)) {
        for (let from = 0; from < whole.length; from += 512) {
          const inside = [...values.subarray(from, from + 512)].filter(Number.isFinite);
          for (const extreme of [Math.min(...inside), Math.max(...inside)])
            expect(kept).toContain(whole.step[values.indexOf(extreme, from)]);
        }
      }
    }
    // Checkpoints stand where they stood.
    expect(events).toEqual(parts.flat().filter(({ type }) => type !== 'step'));
    for (const [index, event] of events.entries()) {
      const place = before[index]!;
      expect(steps.step[place - 1]!).toBeLessThanOrEqual(event.time);
      expect(steps.step[place] ?? Infinity).toBeGreaterThan(event.time);
    }
  }
});

test('keeps what goes back where a run was resumed', () => {
  const overview = new HistoryOverview();
  const random = seededRandom(1);
  overview.add(historyOf([...part(1, 600, random), ...part(300, 600, random)]));
  overview.add(historyOf(part(900, 50, random)));
  const { step } = overview.take().steps;
  expect(step.some((number, index) => number < step[index - 1]!)).toBe(true);
  expect(step.at(-1)).toBe(949);
});

test('gives a short history as it is', () => {
  const overview = new HistoryOverview();
  const short = historyOf(part(1, 2000, seededRandom(1)));
  overview.add(short);
  expect(overview.isWhole).toBe(true);
  expect(overview.take()).toBe(short);
  expect(new HistoryOverview().take().steps.length).toBe(0);
});
