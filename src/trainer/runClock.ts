/** Less is a clock that is being trimmed to its server's, or two clocks that do not tick alike. */
const TRIMMED_MS = 1000;

/**
 * When a run's events were, by a clock that never goes back: a machine whose clock is set back during a run goes on from
 * where it was, so that no duration is negative and each event is at or after the one before. A clock that is set forward
 * cannot be told from a machine that slept, and is believed.
 */
export class RunClock {
  private last: number | undefined;
  /** What the system's clock is behind. */
  private behind = 0;
  private lastTick: number;
  private readonly tick: () => number;

  /**
   * @param options `after`: a time that none is to be before, of an earlier process; `tick`: milliseconds that nobody sets
   */
  constructor({
    after,
    tick = () => performance.now(),
  }: { readonly after?: number | undefined; readonly tick?: () => number } = {}) {
    this.last = after;
    this.tick = tick;
    this.lastTick = tick();
  }

  /** @param wall what the system's clock says now, in milliseconds since 1970 UTC */
  timeOf(wall: number): number {
    const passed = this.passed();
    const { last } = this;
    if (last !== undefined && wall + this.behind < last + passed - TRIMMED_MS) {
      this.behind = Math.round(last + passed - wall);
    }
    const time = Math.max(wall + this.behind, last ?? -Infinity);
    this.last = time;
    return time;
  }

  private passed(): number {
    const now = this.tick();
    const passed = now - this.lastTick;
    this.lastTick = now;
    return passed;
  }
}
