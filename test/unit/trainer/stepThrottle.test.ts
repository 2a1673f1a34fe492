import { describe, expect, it } from 'vitest';
import { StepThrottle } from '../../../src/trainer/stepThrottle';

function allowed(steps: number, msPerStep: number): number {
  const throttle = new StepThrottle(0);
  let count = 0;
  for (let step = 1; step <= steps; step++) if (throttle.allows(step * msPerStep)) count++;
  return count;
}

describe('the throttle of step events', () => {
  it('tells every step of a short run', () => {
    expect(allowed(256, 0.1)).toBe(256);
  });

  it('tells every step of a slow run', () => {
    expect(allowed(10_000, 60)).toBe(10_000);
  });

  it('tells about twenty a second of a fast run', () => {
    // A hundred seconds at a thousand steps a second.
    expect(allowed(100_000, 1)).toBeCloseTo(256 + 100 * 20, -1);
  });
});
