import type { EndEvent, EpochEvent, PhaseEvent, StartEvent } from './events';

/** Numbers in order, the newest last. */
export interface Numbers {
  readonly length: number;
  at(index: number): number;
  /** NaN where there is none. */
  last(): number;
  /** The first index whose number is at least `value`, of numbers that never fall. */
  lowerBound(value: number): number;
}

/** What is known of a run that its pace follows from; of its steps the latest are enough. */
export interface PacedRun {
  readonly start: StartEvent | null;
  readonly phases: readonly PhaseEvent[];
  readonly epochs: readonly EpochEvent[];
  readonly end: EndEvent | null;
  /** Columns of one length; times in milliseconds since 1970 UTC. */
  readonly steps: { readonly step: Numbers; readonly epoch: Numbers; readonly time: Numbers };
}

/** Steps looked back on for the present speed. */
export const PACE_STEPS = 32;
/** Below this the first guesses would jump about. */
const STEPS_TO_ESTIMATE = 3;
/** Epochs looked back on: speed drifts, with the machine and with the cache of features. */
const EPOCH_WINDOW = 3;

/**
 * Seconds from the latest event to the end of the run, or null while too little is known. Whole epochs of the present
 * phase are the best measure, for they hold validation and everything between; before there is one, the steps are.
 * Another phase trains other layers at another speed, so what came before it does not count.
 */
export function estimateTimeLeft(state: PacedRun): number | null {
  const { start, steps, end } = state;
  if (start === null || end !== null || steps.step.length === 0) return null;
  const step = Math.max(steps.step.last(), state.epochs.at(-1)?.step ?? 0);
  const stepsLeft = Math.max(0, start.epochs * start.stepsPerEpoch - step);
  const perEpoch = secondsPerEpoch(state);
  if (perEpoch === null) {
    const perStep = secondsPerStep(state);
    return perStep === null ? null : perStep * stepsLeft;
  }
  const epochsDone = state.epochs.at(-1)?.epoch ?? 0;
  const epochsLeft = Math.max(0, start.epochs - epochsDone);
  const share = Math.min(1, Math.max(0, step - epochsDone * start.stepsPerEpoch) / start.stepsPerEpoch);
  return perEpoch * Math.max(0, epochsLeft - share);
}

/** Samples a second over the latest steps; an epoch's own figure until its successor has steps. Null before any. */
export function samplesPerSecond(state: PacedRun): number | null {
  const lastEpoch = state.epochs.at(-1);
  const perStep = secondsPerStep(state);
  const fresh = lastEpoch === undefined || state.steps.epoch.last() > lastEpoch.epoch;
  if (fresh && state.end === null && state.start !== null && perStep !== null && perStep > 0) {
    return state.start.batchSize / perStep;
  }
  return lastEpoch?.samplesPerSecond ?? null;
}

/** From the last end of an epoch to the next, over the present phase; the first of a run from its phase or start. */
function secondsPerEpoch({ start, phases, epochs }: PacedRun): number | null {
  const phase = phases.at(-1);
  const firstEpoch = phase?.epoch ?? 1;
  const inPhase = epochs.filter((epoch) => epoch.epoch >= firstEpoch);
  const latest = inPhase.at(-1);
  if (latest === undefined) return null;
  const from = inPhase.at(-1 - EPOCH_WINDOW);
  const began = from?.time ?? phase?.time ?? start?.time;
  const count = Math.min(EPOCH_WINDOW, inPhase.length);
  return began === undefined ? null : Math.max(0, latest.time - began) / count / 1000;
}

/** Over the latest steps of the present epoch: none is counted that has the validation of another before it. */
function secondsPerStep({ steps }: PacedRun): number | null {
  const last = steps.step.length - 1;
  const epochStart = steps.epoch.lowerBound(steps.epoch.last());
  const first = Math.max(epochStart, last - PACE_STEPS);
  const count = steps.step.at(last) - steps.step.at(first);
  if (!(count >= STEPS_TO_ESTIMATE)) return null;
  // Logs that others wrote may have a clock that was set back.
  return Math.max(0, steps.time.at(last) - steps.time.at(first)) / count / 1000;
}
