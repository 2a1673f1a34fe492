import type { Metrics } from './events';

/** What counts as better. */
export interface Watched {
  /** By Keras's history name. */
  readonly monitor: string;
  readonly mode: 'auto' | 'min' | 'max';
  readonly minDelta: number;
}

/** The best epoch so far, and how long ago it was: all that deciding about the next one takes. */
export interface BestSoFar {
  readonly value: number;
  /** From one, over the whole run. */
  readonly epoch: number;
  /** Epochs since then. */
  readonly wait: number;
}

/** Metrics of which more is better; of losses and errors less is. */
const GROWING = /^(accuracy|binaryAccuracy|top\d+|precision|recall|auc)$/;

/** Whether a metric is better when it is larger, by its history name. */
export function isGrowing(monitor: string): boolean {
  return GROWING.test(monitor.replace(/^val_/, ''));
}

/**
 * Takes an epoch in, as Keras's `EarlyStopping` does: the first value is the best, and a later one is an improvement if it
 * is better by more than `minDelta`. A value that is no number never is the best, which Keras would never get away from.
 *
 * @returns what is known afterwards; the same as before where the metric was not measured
 */
export function afterEpoch(
  { monitor, mode, minDelta }: Watched,
  before: BestSoFar | undefined,
  epoch: number,
  metrics: Metrics,
): BestSoFar | undefined {
  const value = metrics[monitor];
  if (value === undefined) return before;
  const grows = mode === 'auto' ? isGrowing(monitor) : mode === 'max';
  const isBetter =
    Number.isFinite(value) &&
    (!before || (grows ? value - minDelta > before.value : value + minDelta < before.value));
  if (isBetter) return { value, epoch, wait: 0 };
  return before && { ...before, wait: before.wait + 1 };
}

/** Whether patience is at its end: Keras never stops in the epoch that was the best. */
export function isExhausted(best: BestSoFar | undefined, patience: number): boolean {
  return best !== undefined && best.wait > 0 && best.wait >= patience;
}
