import { describe, expect, it } from 'vitest';
import { chooseLogRange, chooseRange, glide, horizon, niceStep } from '../../../../src/core/run/range';

describe('the y range', () => {
  it('ends on grid lines around the data', () => {
    expect(chooseRange(null, { min: 0.31, max: 2.2 })).toEqual({ min: 0, max: 3 });
    expect(chooseRange(null, { min: 0.72, max: 0.97 }, { min: 0, max: 1 })).toEqual({ min: 0.7, max: 1 });
  });

  it('stands still while data fits and fills it', () => {
    const range = chooseRange(null, { min: 0.31, max: 2.2 });
    expect(chooseRange(range, { min: 0.1, max: 2.9 })).toBe(range);
    expect(chooseRange(range, { min: 0.1, max: 3.1 })).not.toBe(range);
    expect(chooseRange(range, { min: 0.1, max: 0.4 })).toEqual({ min: 0, max: 0.4 });
  });

  it('never passes the limits of a share', () => {
    expect(chooseRange(null, { min: 1, max: 1 }, { min: 0, max: 1 })).toEqual({ min: 0.975, max: 1 });
    expect(chooseRange(null, { min: 0, max: 1 }, { min: 0, max: 1 })).toEqual({ min: 0, max: 1 });
  });

  it('has a height for data without one', () => {
    for (const value of [0, 0.5, -3, 1e9]) {
      const range = chooseRange(null, { min: value, max: value });
      expect(range.max).toBeGreaterThan(range.min);
      expect(range.min).toBeLessThanOrEqual(value);
      expect(range.max).toBeGreaterThanOrEqual(value);
    }
  });

  it('takes half decades on a logarithmic axis', () => {
    const range = chooseLogRange(null, { min: 0.02, max: 2.5 });
    expect(range.min).toBeCloseTo(0.01, 12);
    expect(range.max).toBeCloseTo(Math.sqrt(10), 12);
    expect(chooseLogRange(range, { min: 0.015, max: 2.6 })).toBe(range);
    expect(chooseLogRange(null, { min: 1, max: 1 })).toEqual({ min: 0.5, max: 2 });
  });
});

describe('the x range', () => {
  it('doubles as the run goes on, up to its planned end', () => {
    const seen = Array.from({ length: 941 }, (_, step) => horizon(step, 940));
    expect([...new Set(seen)]).toEqual([30, 59, 118, 235, 470, 940]);
    expect(seen.every((end, step) => end >= step)).toBe(true);
  });

  it('has room for a run that goes past its plan or has none', () => {
    expect(horizon(50, 40)).toBe(50);
    expect(horizon(30, 0)).toBe(40);
    expect(horizon(0, 8)).toBe(8);
  });
});

it('takes steps that people count in', () => {
  expect([0.03, 0.2, 0.22, 3, 7, 1].map(niceStep)).toEqual([0.05, 0.2, 0.25, 5, 10, 1]);
});

it('glides from one range to another', () => {
  const [from, to] = [
    { min: 0, max: 1 },
    { min: 1, max: 3 },
  ];
  expect(glide(from, to, 0)).toEqual(from);
  expect(glide(from, to, 1)).toEqual(to);
  expect(glide(from, to, 0.5)).toEqual({ min: 0.875, max: 2.75 });
});
