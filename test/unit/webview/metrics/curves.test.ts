import { describe, expect, it } from 'vitest';
import { Column } from '../../../../webview/metrics/column';
import { chartedMetrics, drawCurves } from '../../../../webview/metrics/curves';
import { bucketWidth, downsample } from '../../../../src/core/run/downsample';
import { readOut } from '../../../../webview/metrics/readout';
import { NO_EVENTS, reduceEvents } from '../../../../webview/metrics/runState';
import { smooth, startSmoothing } from '../../../../webview/metrics/smooth';
import { epoch, start, step, wholeEpochs } from './runEvents';

/** Numbers that look random and are the same each time (mulberry32). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('downsampling', () => {
  const random = noise(7);
  const xs = Float64Array.from({ length: 10_000 }, (_, index) => index + 1);
  const ys = Float64Array.from({ length: 10_000 }, () => random());
  ys[1234] = 50;
  ys[8765] = -50;

  it('keeps the extremes, the ends and the order, and at most five points a bucket', () => {
    const kept = downsample(xs, ys, 0, xs.length, 64);
    expect(kept).toContain(1234);
    expect(kept).toContain(8765);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(9999);
    expect(kept.every((index, place) => place === 0 || index > (kept[place - 1] ?? 0))).toBe(true);
    expect(kept.length).toBeLessThanOrEqual(5 * Math.ceil(10_001 / 64));
  });

  it('loses neither the lowest nor the highest of any bucket', () => {
    const kept = downsample(xs, ys, 0, xs.length, 64);
    for (let bucket = 0; bucket * 64 <= 10_000; bucket++) {
      const inside = Array.from(ys).filter((_, index) => Math.floor((index + 1) / 64) === bucket);
      const drawn = kept
        .filter((index) => Math.floor((index + 1) / 64) === bucket)
        .map((index) => ys[index] ?? 0);
      expect(Math.max(...drawn)).toBe(Math.max(...inside));
      expect(Math.min(...drawn)).toBe(Math.min(...inside));
    }
  });

  it('draws a million points as a screen of them, the two outliers among them', () => {
    const million = 1_000_000;
    const many = Float64Array.from({ length: million }, (_, index) => index + 1);
    const values = Float64Array.from({ length: million }, () => random());
    values[123_456] = 9;
    values[987_654] = -9;
    const kept = downsample(many, values, 0, million, bucketWidth(million, 800));
    expect(kept).toContain(123_456);
    expect(kept).toContain(987_654);
    // Buckets are as wide as a pixel or half of one.
    expect(kept.length).toBeLessThanOrEqual(5 * 2 * 801);
  });

  it('leaves the picture of the past alone when points arrive', () => {
    const before = downsample(xs, ys, 0, 5000, 64).filter((index) => index < 4900);
    const after = downsample(xs, ys, 0, 6000, 64).filter((index) => index < 4900);
    expect(after).toEqual(before);
  });

  it('keeps a gap', () => {
    const holed = Float64Array.from({ length: 100 }, (_, index) => (index === 50 ? NaN : 1));
    expect(downsample(xs, holed, 0, 100, 100)).toContain(50);
  });

  it('takes buckets of a power of two that are no wider than a pixel', () => {
    expect(bucketWidth(500, 1000)).toBe(1);
    expect(bucketWidth(100_000, 1000)).toBe(64);
  });
});

describe('smoothing', () => {
  const steps = Column.of(1, 2, 3, 4);

  it('starts at the first value and leans towards the latest', () => {
    const { values } = smooth(startSmoothing(1), steps, Column.of(4, 4, 0, 0));
    const keep = Math.exp(-1);
    expect(values.at(0)).toBe(4);
    expect(values.at(2)).toBeCloseTo((4 * keep ** 2 + 4 * keep) / (keep ** 2 + keep + 1), 12);
  });

  it('leaves values as they are with no reach', () => {
    expect(Array.from(smooth(startSmoothing(0), steps, Column.of(3, 1, 2, 9)).values.view())).toEqual([
      3, 1, 2, 9,
    ]);
  });

  it('goes on where it stopped', () => {
    const first = Column.of(1, 5);
    const whole = first.append(2).append(8);
    const resumed = smooth(smooth(startSmoothing(3), steps, first), steps, whole);
    const atOnce = smooth(startSmoothing(3), steps, Column.of(1, 5, 2, 8));
    expect(Array.from(resumed.values.view())).toEqual(Array.from(atOnce.values.view()));
  });

  it('starts again when the run was rewound', () => {
    const whole = Column.of(1, 5, 2, 8);
    const rewound = whole.take(2).append(100);
    const resumed = smooth(smooth(startSmoothing(0), steps, whole), steps, rewound);
    expect(Array.from(resumed.values.view())).toEqual([1, 5, 100]);
  });

  it('steps over what is no number', () => {
    const { values } = smooth(startSmoothing(5), steps, Column.of(2, NaN, 2, 2));
    expect(values.at(1)).toBeNaN();
    expect(values.at(3)).toBeCloseTo(2, 12);
  });
});

describe('the curves of a chart', () => {
  const events = [
    start(),
    ...[1, 2, 3, 4, 5].map((number) => step(number * 2, { loss: 6 - number })),
    epoch(1, { loss: 3, val_loss: 2.5 }),
    step(12, { loss: 0.5 }),
  ];
  const state = reduceEvents(NO_EVENTS, events);
  const options = {
    metric: 'loss',
    smoothing: smooth(startSmoothing(0), state.steps.step, state.steps.metrics.loss ?? Column.empty),
    range: { min: 0, max: 40 },
    pixels: 400,
    logarithmic: false,
  };

  it('puts an epoch at its last step, beside the step of the same number', () => {
    expect(drawCurves(state, options)).toEqual({
      steps: [2, 4, 6, 8, 10, 12],
      raw: [5, 4, 3, 2, 1, 0.5],
      smoothed: [5, 4, 3, 2, 1, 0.5],
      training: [undefined, undefined, undefined, undefined, 3, undefined],
      validation: [undefined, undefined, undefined, undefined, 2.5, undefined],
      extent: { min: 0.5, max: 5 },
    });
  });

  it('puts an epoch between steps where its own step was not written', () => {
    const sparse = reduceEvents(NO_EVENTS, [start(), step(8), epoch(1, { val_loss: 2 }), step(12)]);
    const smoothing = smooth(startSmoothing(0), sparse.steps.step, sparse.steps.metrics.loss ?? Column.empty);
    expect(drawCurves(sparse, { ...options, smoothing })).toMatchObject({
      steps: [8, 10, 12],
      raw: [1, undefined, 1],
      validation: [undefined, 2, undefined],
    });
  });

  it('shows a gap for a loss that is no number, and on a logarithmic axis for zero', () => {
    const holed = reduceEvents(NO_EVENTS, [start(), step(1), step(2, { loss: NaN }), step(3, { loss: 0 })]);
    const smoothing = smooth(startSmoothing(0), holed.steps.step, holed.steps.metrics.loss ?? Column.empty);
    expect(drawCurves(holed, { ...options, smoothing }).raw).toEqual([1, null, 0]);
    expect(drawCurves(holed, { ...options, smoothing, logarithmic: true }).raw).toEqual([1, null, null]);
  });

  it('measures only what the zoomed range shows', () => {
    expect(drawCurves(state, { ...options, range: { min: 9, max: 13 } }).extent).toEqual({
      min: 0.5,
      max: 3,
    });
  });

  it('makes one chart a metric, loss first, training and validation together', () => {
    expect(chartedMetrics(NO_EVENTS)).toEqual(['loss', 'accuracy']);
    expect(chartedMetrics(state)).toEqual(['loss']);
    const rich = reduceEvents(NO_EVENTS, [
      start(),
      epoch(1, { top5: 1, loss: 1, accuracy: 1, val_top5: 1, val_loss: 1 }),
    ]);
    expect(chartedMetrics(rich)).toEqual(['loss', 'accuracy', 'top5']);
  });
});

describe('the read-out', () => {
  const state = reduceEvents(NO_EVENTS, [
    ...wholeEpochs(1).slice(0, -1),
    epoch(1, { loss: 0.9, val_loss: 0.8 }),
    step(11, { loss: 0.7 }),
    step(12, { loss: 0.6 }),
  ]);
  const smoothed = smooth(
    startSmoothing(0),
    state.steps.step,
    state.steps.metrics.loss ?? Column.empty,
  ).values;

  it('says the latest of everything when nothing is pointed at', () => {
    expect(readOut(state, 'loss', smoothed, null)).toEqual({
      step: 12,
      epoch: 2,
      stepwise: true,
      raw: 0.6,
      smoothed: 0.6,
      training: 0.9,
      validation: 0.8,
    });
  });

  it('says the nearest step and the epoch it belongs to', () => {
    expect(readOut(state, 'loss', smoothed, 3.4)).toMatchObject({
      step: 3,
      epoch: 1,
      raw: 1,
      validation: 0.8,
    });
    expect(readOut(state, 'loss', smoothed, 999)).toMatchObject({
      step: 12,
      epoch: 2,
      stepwise: true,
      raw: 0.6,
      validation: NaN,
    });
  });

  it('has nothing to say of a run without points', () => {
    expect(readOut(NO_EVENTS, 'loss', Column.empty, null)).toBeNull();
    expect(readOut(NO_EVENTS, 'loss', Column.empty, 5)).toBeNull();
  });
});
