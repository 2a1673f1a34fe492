import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../../src/core/run/events';
import { overlayRuns } from '../../../../../webview/metrics/compare/overlay';
import { nextSorting } from '../../../../../webview/metrics/compare/tableModel';
import { NO_EVENTS, reduceEvents } from '../../../../../webview/metrics/runState';
import { createSmoother } from '../../../../../webview/metrics/smoothingMemo';
import { xScale, type XAxis } from '../../../../../webview/metrics/xAxis';

const options = { metric: 'loss', pixels: 500, logarithmic: false, training: true, validation: true };

function run(losses: readonly number[], stepsPerEpoch: number, axis: XAxis = 'step') {
  const start: RunEvent = {
    ...{ type: 'start', version: 1, time: 0, name: 'a', engine: 'cpu', device: 'x', epochs: 2 },
    ...{ stepsPerEpoch, trainSamples: 1, validationSamples: 1, batchSize: 1, classes: [] },
    ...{ totalParams: 1, trainableParams: 1 },
  };
  const events = losses.flatMap((loss, at): RunEvent[] => {
    const [step, epoch] = [at + 1, Math.floor(at / stepsPerEpoch) + 1];
    const told: RunEvent = { type: 'step', step, epoch, time: step * 1000, metrics: { loss } };
    if (step % stepsPerEpoch !== 0) return [told];
    const metrics = { loss, val_loss: loss + 1 };
    return [
      told,
      { type: 'epoch', step, epoch, time: step * 1000, seconds: 1, samplesPerSecond: 1, metrics },
    ];
  });
  const state = reduceEvents(NO_EVENTS, [start, ...events]);
  const smoothing = createSmoother(0)('loss', state.steps.step, state.steps.metrics['loss']);
  return { state, scale: xScale(axis, state), smoothing };
}

describe('curves over each other', () => {
  it('share one list of x; where a run has no point is no gap', () => {
    const { xs, lines, extent } = overlayRuns([run([4, 3, 2, 1], 2), run([8, 6], 1)], {
      ...options,
      range: { min: 0, max: 10 },
    });
    expect(xs).toEqual([1, 2, 3, 4]);
    expect(lines).toEqual([
      [4, 3, 2, 1],
      [undefined, 4, undefined, 2],
      [8, 6, undefined, undefined],
      [9, 7, undefined, undefined],
    ]);
    expect(extent).toEqual({ min: 1, max: 9 });
  });

  it('meet at their epochs, whatever steps these took', () => {
    const { xs, lines } = overlayRuns([run([4, 3, 2, 1], 2, 'epoch'), run([8, 6], 1, 'epoch')], {
      ...options,
      range: { min: 0, max: 2 },
    });
    expect(xs).toEqual([0.5, 1, 1.5, 2]);
    expect(lines[1]).toEqual([undefined, 4, undefined, 2]);
    expect(lines[3]).toEqual([undefined, 9, undefined, 7]);
  });

  it('are drawn as far as they are wanted', () => {
    const { lines, extent } = overlayRuns([run([4, 3], 1)], {
      ...{ ...options, validation: false },
      range: { min: 0, max: 1 },
    });
    expect(lines).toEqual([[4, 3], []]);
    expect(extent).toEqual({ min: 4, max: 4 });
  });

  it('and their table is sorted, the other way round, and as chosen', () => {
    const first = nextSorting(null, 'loss');
    const second = nextSorting(first, 'loss');
    expect([first, second, nextSorting(second, 'loss')]).toEqual([
      { column: 'loss', reversed: false },
      { column: 'loss', reversed: true },
      null,
    ]);
    expect(nextSorting(second, 'accuracy')).toEqual({ column: 'accuracy', reversed: false });
  });
});
