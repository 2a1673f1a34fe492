import { describe, expect, test } from 'vitest';
import { filterPictures } from '../../../../src/core/weights/filters';
import { HISTOGRAM_BARS, joinSpreads, statisticsOf } from '../../../../src/core/weights/statistics';

describe('statistics of a weight', () => {
  test('are those of its numbers', () => {
    const found = statisticsOf(Float32Array.of(0, 1, 2, 3, 4));
    expect(found).toMatchObject({ count: 5, notFinite: 0, min: 0, max: 4, mean: 2, zeros: 1 });
    expect(found.deviation).toBeCloseTo(Math.SQRT2, 12);
    expect(found.histogram).toHaveLength(HISTOGRAM_BARS);
    expect(found.histogram.reduce((sum, count) => sum + count)).toBe(5);
    expect([found.histogram[0], found.histogram.at(-1)]).toEqual([1, 1]);
  });

  test('leave out what is no number, and say how much', () => {
    expect(statisticsOf(Float32Array.of(NaN, 3, Infinity, -Infinity))).toEqual({
      ...{ count: 4, notFinite: 3, min: 3, max: 3, mean: 3, deviation: 0, zeros: 0 },
      histogram: [1],
    });
    expect(statisticsOf(Float32Array.of(NaN)).histogram).toEqual([]);
    expect(statisticsOf(new Float32Array(0))).toMatchObject({ count: 0, mean: 0, histogram: [] });
  });

  test('find a small spread around a large mean', () => {
    const values = Float32Array.from({ length: 1000 }, (_, index) => 1000 + (index % 2) / 8);
    expect(statisticsOf(values).deviation).toBeCloseTo(1 / 16, 6);
  });
});

test('spreads join as if all numbers were one weight', () => {
  const [a, b] = [Float32Array.of(1, 2, 3), Float32Array.of(-4, 8, NaN, 0.5, 2)];
  const { mean, deviation } = statisticsOf(Float32Array.of(...a, ...b));
  const joined = joinSpreads([statisticsOf(a), statisticsOf(b)]);
  expect(joined.mean).toBeCloseTo(mean, 12);
  expect(joined.deviation).toBeCloseTo(deviation, 12);
  expect(joinSpreads([])).toEqual({ mean: 0, deviation: 0 });
});

describe('pictures of filters', () => {
  test('are by filter, zero in the middle, of one scale', () => {
    // Two filters of 1 × 2 over one channel: (1, -2) and (0, 0.5).
    const found = filterPictures(Float32Array.of(1, 0, -2, 0.5), [1, 2, 1, 2]);
    expect(found).toMatchObject({ width: 2, height: 1, filters: 2, channels: 1, colour: false });
    expect(found?.pictures.map((picture) => [...picture])).toEqual([
      [192, 1],
      [128, 160],
    ]);
  });

  test('of three channels are in colour, of others one channel', () => {
    const values = Float32Array.from({ length: 2 * 2 * 3 * 4 }, (_, index) => index);
    expect(filterPictures(values, [2, 2, 3, 4])?.colour).toBe(true);
    expect(filterPictures(values, [2, 2, 3, 4])?.pictures[0]).toHaveLength(12);
    const grey = filterPictures(values, [2, 2, 4, 3], 3);
    expect(grey).toMatchObject({ colour: false, channels: 4 });
    expect(grey?.pictures).toHaveLength(3);
  });

  test('there are none of what is no picture', () => {
    expect(filterPictures(new Float32Array(8), [1, 1, 2, 4])).toBeUndefined();
    expect(filterPictures(new Float32Array(8), [2, 4])).toBeUndefined();
    expect(filterPictures(new Float32Array(7), [2, 2, 1, 2])).toBeUndefined();
    expect(filterPictures(new Float32Array(8), [2, 2, 1, 2], 1)).toBeUndefined();
  });
});
