import type { EpochEvent } from '../../src/core/run/events';
import { finiteMetric } from './runState';

export interface BestEpoch {
  readonly epoch: number;
  readonly step: number;
  /** What it was the best by. */
  readonly metric: 'val_accuracy' | 'val_loss';
  readonly value: number;
}

/**
 * The epoch with the highest validation accuracy or, where a run has none, the lowest validation loss; the first of
 * equals. Null without validation: the best training loss says nothing about the model.
 */
export function findBestEpoch(epochs: readonly EpochEvent[]): BestEpoch | null {
  return bestBy(epochs, 'val_accuracy', 1) ?? bestBy(epochs, 'val_loss', -1);
}

function bestBy(epochs: readonly EpochEvent[], metric: BestEpoch['metric'], sign: 1 | -1): BestEpoch | null {
  let best: BestEpoch | null = null;
  for (const { epoch, step, metrics } of epochs) {
    const value = finiteMetric(metrics, metric);
    if (Number.isNaN(value)) continue;
    if (best === null || sign * value > sign * best.value) best = { epoch, step, metric, value };
  }
  return best;
}
