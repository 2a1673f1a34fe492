import type { RunStatus } from '../../src/core/run/events';
import { estimateTimeLeft, samplesPerSecond } from '../../src/core/run/pace';
import type { RunState } from './runState';

/** What a run is at, in more detail than its status. */
export type Activity =
  'starting' | 'preparing' | 'featuring' | 'paused' | 'training' | 'validating' | 'saving' | 'ended';

export interface Progress {
  readonly activity: Activity;
  /** From one; zero before the first step. */
  readonly epoch: number;
  readonly epochs: number;
  /** Over the whole run. */
  readonly step: number;
  readonly totalSteps: number;
  /** From 0 to 1, of the steps of the whole run. */
  readonly fraction: number;
  /** From one, and how many are known so far. */
  readonly phase: number | null;
  readonly elapsedSeconds: number | null;
  readonly secondsLeft: number | null;
  readonly samplesPerSecond: number | null;
}

/** @param now milliseconds since 1970 UTC by the clock that wrote the events; moves a live run's times on */
export function measureProgress(state: RunState, status: RunStatus, now: number): Progress {
  const { start, steps, lastTime } = state;
  const live = isLive(status) && state.end === null;
  const lastEpoch = state.epochs.at(-1);
  const step = Math.max(0, steps.step.last() || 0, lastEpoch?.step ?? 0);
  const totalSteps = start === null ? 0 : start.epochs * start.stepsPerEpoch;
  const since = live && lastTime !== null ? Math.max(0, now - lastTime) / 1000 : 0;
  const left = live && !state.paused ? estimateTimeLeft(state) : null;
  return {
    activity: activityOf(state, live),
    epoch: Math.max(steps.epoch.last() || 0, lastEpoch?.epoch ?? 0),
    epochs: start?.epochs ?? 0,
    step,
    totalSteps,
    fraction: totalSteps === 0 ? 0 : Math.min(1, step / totalSteps),
    phase: state.phases.length === 0 ? null : (state.phases.at(-1)?.phase ?? 0) + 1,
    elapsedSeconds:
      start === null || lastTime === null ? null : Math.max(0, lastTime - start.time) / 1000 + since,
    secondsLeft: left === null ? null : Math.max(0, left - since),
    samplesPerSecond: samplesPerSecond(state),
  };
}

export function isLive(status: RunStatus): boolean {
  return status === 'starting' || status === 'running';
}

function activityOf({ start, steps, epochs, paused, features }: RunState, live: boolean): Activity {
  if (!live) return 'ended';
  if (start === null) return 'starting';
  if (paused) return 'paused';
  if (features !== null && features.kept === undefined) return 'featuring';
  if (steps.step.length === 0) return 'preparing';
  const epochsDone = epochs.at(-1)?.epoch ?? 0;
  if (epochsDone >= start.epochs) return 'saving';
  const atEndOfEpoch = steps.step.last() >= (epochsDone + 1) * start.stepsPerEpoch;
  return atEndOfEpoch && start.validationSamples > 0 ? 'validating' : 'training';
}
