import { isGrowing } from '../run/improvement';
import type { Metrics } from '../run/events';
import type { Schedule } from './schedule';

type ReduceOnPlateau = Extract<Schedule, { readonly kind: 'reduceOnPlateau' }>;

/** What `reduceOnPlateau` remembers from epoch to epoch: plain numbers, so that a checkpoint can keep them. */
export interface Plateau {
  /** The part of the optimizer's learning rate that is left. */
  readonly share: number;
  /** The best value so far; left out before the first. */
  readonly best?: number;
  /** Epochs without a better one. */
  readonly wait: number;
  /** Epochs to go until waiting begins again. */
  readonly cooldown: number;
}

export const ON_PLATEAU: Plateau = { share: 1, wait: 0, cooldown: 0 };

/**
 * Takes an epoch in, as Keras's `ReduceLROnPlateau.on_epoch_end` does. An epoch that did not measure the metric changes
 * nothing.
 *
 * @param learningRate of the optimizer, of which `minRate` is a part
 */
export function afterPlateauEpoch(
  { monitor, mode, factor, patience, minDelta, cooldown, minRate }: ReduceOnPlateau,
  before: Plateau,
  metrics: Metrics,
  learningRate: number,
): Plateau {
  const value = metrics[monitor];
  if (value === undefined) return before;
  const left = Math.max(before.cooldown - 1, 0);
  const wait = before.cooldown > 0 ? 0 : before.wait;
  const grows = mode === 'auto' ? isGrowing(monitor) : mode === 'max';
  const { best } = before;
  // Keras would take a value that is no number for the best, and never find a better one.
  const isBetter =
    Number.isFinite(value) &&
    (best === undefined || (grows ? value - minDelta > best : value + minDelta < best));
  if (isBetter) return { ...before, best: value, wait: 0, cooldown: left };
  if (left > 0) return { ...before, wait, cooldown: left };
  const least = minRate / learningRate;
  if (wait + 1 < patience || before.share <= least) return { ...before, wait: wait + 1, cooldown: left };
  return { ...before, share: Math.max(before.share * factor, least), wait: 0, cooldown };
}
