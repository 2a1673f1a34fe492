import { describe, expect, it } from 'vitest';
import { MOST_STEPS, suggestRate } from '../../../src/trainer/findRate';

/** A sweep whose smoothed loss is this function of the logarithm of the rate. */
const sweep = (loss: (exponent: number) => number) =>
  Array.from({ length: MOST_STEPS }, (_, index) => {
    const exponent = -7 + (8 * index) / (MOST_STEPS - 1);
    return { learningRate: 10 ** exponent, loss: loss(exponent), smoothed: loss(exponent) };
  });

describe('the suggested learning rate', () => {
  it('lies half way down the valley of the loss', () => {
    // Flat up to 1e-4, down to 1e-1, and up again.
    const rate = suggestRate(sweep((x) => (x < -4 ? 2 + x / 1e6 : x < -1 ? -2 - x : x)));
    expect(rate).toBeGreaterThan(1e-4);
    expect(rate).toBeLessThan(1e-1);
  });

  it('is none where the loss never fell', () => {
    expect(suggestRate(sweep((x) => x))).toBeNull();
    expect(suggestRate([])).toBeNull();
  });
});
