import type { Metrics, RunEvent, StartEvent } from '../core/run/events';
import { lengthened } from '../core/run/runStart';

/** How far a run is, from the events so far. */
export interface Progress {
  readonly start?: StartEvent;
  readonly epoch: number;
  /** Over the whole run, from one. */
  readonly step: number;
  readonly metrics: Metrics;
  /** Where this process began: a run that is gone on with was not at work before. */
  readonly origin?: { readonly step: number; readonly time: number };
  /** The first step of this epoch that was heard of, and when, in milliseconds. */
  readonly since?: { readonly step: number; readonly time: number };
  readonly samplesPerSecond?: number;
  /** Of the whole run, validation taken in as it has been so far. */
  readonly secondsLeft?: number;
}

export const START: Progress = { epoch: 0, step: 0, metrics: {} };

export function progressAfter(progress: Progress, event: RunEvent): Progress {
  switch (event.type) {
    case 'start':
      return { ...START, start: event, origin: { step: 0, time: event.time } };
    case 'resumed':
      return {
        ...progress,
        ...(progress.start && { start: lengthened(progress.start, event) }),
        step: event.step,
        origin: { step: event.step, time: event.time },
      };
    case 'step': {
      const { start } = progress;
      const first = progress.since === undefined || event.epoch !== progress.epoch;
      const since = first ? { step: event.step, time: event.time } : progress.since;
      const seconds = (event.time - since.time) / 1000;
      const steps = event.step - since.step;
      return {
        ...progress,
        epoch: event.epoch,
        step: event.step,
        metrics: event.metrics,
        since,
        ...(start && steps > 0 && seconds > 0 && { samplesPerSecond: (steps * start.batchSize) / seconds }),
        secondsLeft: secondsLeft(progress, event.step, event.time),
      };
    }
    case 'epoch':
      return {
        ...progress,
        epoch: event.epoch,
        step: event.step,
        metrics: event.metrics,
        samplesPerSecond: event.samplesPerSecond,
        secondsLeft: secondsLeft(progress, event.step, event.time),
      };
    default:
      return progress;
  }
}

function secondsLeft({ start, origin }: Progress, step: number, time: number): number | undefined {
  if (!start || !origin || step <= origin.step) return undefined;
  const total = start.epochs * start.stepsPerEpoch;
  return (Math.max(0, time - origin.time) / 1000 / (step - origin.step)) * Math.max(0, total - step);
}
