import { describe, expect, it } from 'vitest';
import { RunClock } from '../../../src/trainer/runClock';

const HOUR = 3_600_000;

/** Two clocks of one machine: people set one of them. */
function machine(after?: number) {
  let [wall, tick] = [1_700_000_000_000, 5000];
  const clock = new RunClock({ after, tick: () => tick });
  return {
    after: (milliseconds: number, setBy = 0) => {
      tick += milliseconds;
      wall += milliseconds + setBy;
      return clock.timeOf(wall) - 1_700_000_000_000;
    },
  };
}

describe('the clock of a run', () => {
  it('is the system’s while nobody sets that', () => {
    const { after } = machine();
    expect([after(0), after(10), after(0), after(250)]).toEqual([0, 10, 10, 260]);
  });

  it('goes on where the system’s is set back, and follows it from there', () => {
    const { after } = machine();
    expect([after(0), after(1000), after(2000, -HOUR), after(500), after(HOUR)]).toEqual([
      ...[0, 1000, 3000, 3500],
      HOUR + 3500,
    ]);
    expect(after(10, -30 * 24 * HOUR)).toBe(HOUR + 3510);
  });

  it('never falls where the system’s is trimmed', () => {
    const { after } = machine();
    expect([after(0), after(100), after(10, -50), after(10), after(100)]).toEqual([0, 100, 100, 100, 170]);
  });

  it('believes one that is set forward: the machine may have slept', () => {
    const { after } = machine();
    expect([after(0), after(1000, HOUR), after(1000)]).toEqual([0, HOUR + 1000, HOUR + 2000]);
  });

  it('is never before what an earlier process told, whatever the clock was then', () => {
    const { after } = machine(1_700_000_000_000 + 24 * HOUR);
    expect([after(10), after(1000)]).toEqual([24 * HOUR + 10, 24 * HOUR + 1010]);
  });
});
