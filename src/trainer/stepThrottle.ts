/** A second of steps that anybody can follow. */
const STEPS_PER_SECOND = 20;
/** Steps that come as fast as they like before: a short run is told whole, and can be compared step by step. */
const BURST = 256;

/**
 * Which steps of a run are told. A token bucket: the first steps all are, then as many a second as a chart can use, so
 * that a log of a week's run can still be read.
 */
export class StepThrottle {
  private tokens = BURST;
  private last: number;

  constructor(now: number) {
    this.last = now;
  }

  /** @param now milliseconds */
  allows(now: number): boolean {
    this.tokens = Math.min(BURST, this.tokens + ((now - this.last) / 1000) * STEPS_PER_SECOND);
    this.last = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
