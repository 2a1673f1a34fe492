import type { EpochEvent } from '../../src/core/run/events';
import type { Column } from './column';
import { finiteMetric, type RunState } from './runState';

/** The numbers of one chart at one step; NaN where there is none. */
export interface Readout {
  readonly step: number;
  readonly epoch: number;
  /** Whether steps report this metric; else the epochs' means are its curve. */
  readonly stepwise: boolean;
  readonly raw: number;
  readonly smoothed: number;
  /** Of the epoch that holds the step, once it is over. */
  readonly training: number;
  readonly validation: number;
}

/** @param step a step of the run, or null for the latest of everything; null is returned for a run without a point */
export function readOut(
  state: RunState,
  metric: string,
  smoothed: Column,
  step: number | null,
): Readout | null {
  const { steps, epochs } = state;
  const index = step === null ? steps.step.length - 1 : nearestIndex(steps.step, step);
  const recorded = index >= 0 ? steps.step.at(index) : null;
  const epochRow = step === null ? epochs.at(-1) : epochHolding(epochs, recorded ?? step);
  if (recorded === null && epochRow === undefined) return null;
  return {
    step: recorded ?? epochRow?.step ?? 0,
    epoch: index >= 0 ? steps.epoch.at(index) : (epochRow?.epoch ?? 0),
    stepwise: metric in steps.metrics,
    raw: steps.metrics[metric]?.at(index) ?? NaN,
    smoothed: smoothed.at(index),
    training: epochRow ? finiteMetric(epochRow.metrics, metric) : NaN,
    validation: epochRow ? finiteMetric(epochRow.metrics, `val_${metric}`) : NaN,
  };
}

/** The index of the value nearest to `value` in an ascending column, the lower of two equally near; -1 if empty. */
export function nearestIndex(column: Column, value: number): number {
  const above = column.lowerBound(value);
  if (above === 0) return column.length === 0 ? -1 : 0;
  if (above === column.length) return above - 1;
  return column.at(above) - value < value - column.at(above - 1) ? above : above - 1;
}

function epochHolding(epochs: readonly EpochEvent[], step: number): EpochEvent | undefined {
  return epochs.find((epoch) => step <= epoch.step);
}
