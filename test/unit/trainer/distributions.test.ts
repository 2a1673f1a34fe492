import { describe, expect, it } from 'vitest';
import {
  betaOf,
  between,
  dirichlet,
  drawEach,
  shuffled,
  wholeBetween,
} from '../../../src/trainer/layers/distributions';
import { randomStream } from '../../../src/trainer/layers/random';

const COUNT = 20_000;

function moments(draw: () => number) {
  const values = drawEach(COUNT, draw);
  const mean = values.reduce((a, b) => a + b, 0) / COUNT;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / COUNT;
  return { mean, variance, least: Math.min(...values), most: Math.max(...values) };
}

describe('draws', () => {
  it.each([
    [0.2, 0.2],
    [1, 1],
    [2, 5],
    [0.5, 3],
  ])('Beta(%d, %d) has its mean and variance', (a, b) => {
    const random = randomStream(3, a, b);
    const { mean, variance, least, most } = moments(() => betaOf(a, b, random));
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(0.01);
    expect(Math.abs(variance - (a * b) / ((a + b) ** 2 * (a + b + 1)))).toBeLessThan(0.005);
    expect(least).toBeGreaterThanOrEqual(0);
    expect(most).toBeLessThanOrEqual(1);
  });

  it('Beta of next to nothing is all or nothing', () => {
    const random = randomStream(4);
    const values = drawEach(1000, () => betaOf(1e-6, 1e-6, random));
    expect(values.every((value) => value === 0 || value === 1)).toBe(true);
    expect(Math.abs(values.filter((value) => value === 1).length - 500)).toBeLessThan(80);
  });

  it('shares of a Dirichlet distribution have the sum one and the same mean', () => {
    const random = randomStream(5);
    const drawn = drawEach(5000, () => dirichlet(3, 1, random));
    for (const shares of drawn) expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    for (const index of [0, 1, 2]) {
      const mean = drawn.reduce((sum, shares) => sum + shares[index]!, 0) / drawn.length;
      expect(Math.abs(mean - 1 / 3)).toBeLessThan(0.02);
    }
  });

  it('are uniform between their ends', () => {
    const random = randomStream(6);
    const { mean, variance, least, most } = moments(() => between([-2, 4], random));
    expect(Math.abs(mean - 1)).toBeLessThan(0.05);
    expect(Math.abs(variance - 3)).toBeLessThan(0.1);
    expect(least).toBeGreaterThanOrEqual(-2);
    expect(most).toBeLessThan(4);
    expect(new Set(drawEach(500, () => wholeBetween(2, 6, random)))).toEqual(new Set([2, 3, 4, 5]));
  });

  it('shuffle to every order alike', () => {
    const random = randomStream(7);
    const counts = new Map<string, number>();
    for (const order of drawEach(6000, () => shuffled(3, random).join(''))) {
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
