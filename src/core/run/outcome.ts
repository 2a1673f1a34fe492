import { startOf } from './runStart';
import { afterEpoch, type BestSoFar } from './improvement';
import type { EndEvent, EpochEvent, Metrics, RunEvent, StartEvent } from './events';

/** What came out of a run, as far as it is. */
export interface Outcome {
  /** What the best epoch goes by, by Keras's history name; nothing before the first epoch. */
  readonly monitor?: string;
  /** The best epoch; nothing where what it goes by never was a number. */
  readonly best?: EpochEvent;
  readonly last?: EpochEvent;
  readonly epochs: readonly EpochEvent[];
  /** At work: pauses, and what lies between a kill and going on, are not counted. */
  readonly seconds: number;
  readonly start?: StartEvent;
  readonly end?: EndEvent;
}

/**
 * @param events of one run, in order; steps may be left out
 * @param monitor what to call the best epoch by; where left out, or not measured, the loss in validation, else in training
 */
export function outcomeOf(events: readonly RunEvent[], monitor?: string): Outcome {
  const epochs = epochsOf(events);
  const measured = epochs.at(-1)?.metrics ?? {};
  const goesBy = [monitor, 'val_loss', 'loss'].find((name) => name !== undefined && name in measured);
  const start = startOf(events);
  const final = events.at(-1);
  const last = epochs.at(-1);
  const best = goesBy === undefined ? undefined : bestOf(epochs, goesBy);
  return {
    ...(goesBy !== undefined && { monitor: goesBy }),
    ...(best && { best }),
    ...(last && { last }),
    epochs,
    seconds: secondsAtWork(events),
    ...(start && { start }),
    ...(final?.type === 'end' && { end: final }),
  };
}

/** The epochs that are a part of the run: what a killed process did after its last checkpoint was done again. */
export function epochsOf(events: readonly RunEvent[]): readonly EpochEvent[] {
  const epochs: EpochEvent[] = [];
  for (const event of events) {
    const before =
      event.type === 'epoch'
        ? event.epoch - 1
        : event.type === 'resumed' && event.checkpoint !== undefined
          ? event.epoch
          : Infinity;
    while (epochs.length > 0 && epochs[epochs.length - 1]!.epoch > before) epochs.pop();
    if (event.type === 'epoch') epochs.push(event);
  }
  return epochs;
}

function bestOf(epochs: readonly EpochEvent[], monitor: string): EpochEvent | undefined {
  const watched = { monitor, mode: 'auto', minDelta: 0 } as const;
  const best = epochs.reduce<BestSoFar | undefined>(
    (before, { epoch, metrics }) => afterEpoch(watched, before, epoch, metrics),
    undefined,
  );
  return best && epochs.find(({ epoch }) => epoch === best.epoch);
}

function secondsAtWork(events: readonly RunEvent[]): number {
  let milliseconds = 0;
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (before && event.type !== 'resumed') milliseconds += Math.max(0, event.time - before.time);
  }
  return milliseconds / 1000;
}

/** The names of all metrics of some runs, in the order in which they are met. */
export function metricNames(measured: readonly Metrics[]): readonly string[] {
  return [...new Set(measured.flatMap((metrics) => Object.keys(metrics)))];
}
