import type { EpochEvent, PhaseEvent, RunEvent, StartEvent } from './events';
import { lengthened } from './runStart';
import { estimateTimeLeft, PACE_STEPS, samplesPerSecond, type Numbers, type PacedRun } from './pace';

/** Where a run that is going on is, in numbers. */
export interface RunFigures {
  readonly start: StartEvent;
  /** The present one. */
  readonly phase: PhaseEvent | undefined;
  /** From one. */
  readonly epoch: number;
  /** Of `start.epochs · start.stepsPerEpoch`. */
  readonly step: number;
  readonly paused: boolean;
  readonly samplesPerSecond: number | null;
  /** From the time asked for; null while it cannot be told. */
  readonly secondsLeft: number | null;
}

/** The latest of what comes one after the other. */
class Latest implements Numbers {
  private values: number[] = [];

  get length(): number {
    return this.values.length;
  }

  at(index: number): number {
    return this.values[index] ?? NaN;
  }

  last(): number {
    return this.values.at(-1) ?? NaN;
  }

  lowerBound(value: number): number {
    const found = this.values.findIndex((each) => each >= value);
    return found < 0 ? this.values.length : found;
  }

  push(value: number): void {
    this.values.push(value);
    // Let go of in batches: a run is millions of steps.
    if (this.values.length > 4 * PACE_STEPS) this.values = this.values.slice(-2 * PACE_STEPS);
  }

  clear(): void {
    this.values = [];
  }
}

/** Follows a run's events and keeps no more of them than its figures need: a status bar has no use for curves. */
export class LiveFigures {
  private start: StartEvent | null = null;
  private phases: PhaseEvent[] = [];
  private epochs: EpochEvent[] = [];
  private readonly steps = { step: new Latest(), epoch: new Latest(), time: new Latest() };
  private paused = false;
  private lastTime = 0;

  take(event: RunEvent): void {
    this.lastTime = Math.max(this.lastTime, event.time);
    switch (event.type) {
      case 'start':
        this.start = event;
        break;
      case 'phase':
        this.phases = [...this.phases.filter(({ phase }) => phase < event.phase), event];
        break;
      case 'step':
        this.paused = false;
        this.steps.step.push(event.step);
        this.steps.epoch.push(event.epoch);
        this.steps.time.push(event.time);
        break;
      case 'epoch':
        this.epochs = [...this.epochs.filter(({ epoch }) => epoch < event.epoch), event];
        break;
      case 'paused':
        this.paused = true;
        break;
      case 'resumed':
        this.paused = false;
        this.start &&= lengthened(this.start, event);
        this.rewind(event.epoch);
        break;
    }
  }

  /**
   * Nothing before the run has told what it is.
   *
   * @param now milliseconds since 1970 UTC; a time left passes with it
   */
  at(now: number): RunFigures | undefined {
    const { start, phases, epochs, steps, paused } = this;
    if (!start) return undefined;
    const run: PacedRun = { start, phases, epochs, steps, end: null };
    const left = paused ? null : estimateTimeLeft(run);
    const since = Math.max(0, now - this.lastTime) / 1000;
    return {
      start,
      phase: phases.at(-1),
      epoch: Math.max(1, steps.epoch.last() || 0, epochs.at(-1)?.epoch ?? 0),
      step: Math.max(steps.step.last() || 0, epochs.at(-1)?.step ?? 0),
      paused,
      samplesPerSecond: samplesPerSecond(run),
      secondsLeft: left === null ? null : Math.max(0, left - since),
    };
  }

  /** After a pause, or from a checkpoint: the steps across it have no pace. */
  private rewind(epoch: number): void {
    for (const column of Object.values(this.steps)) column.clear();
    this.epochs = this.epochs.filter((each) => each.epoch <= epoch);
    this.phases = this.phases.filter((phase) => phase.epoch <= epoch + 1);
  }
}
