import { finiteMetric, type RunState } from './runState';

/** Whether a metric was a finite number anywhere, in training or in validation: else there is nothing to draw. */
export function isMeasured({ steps, epochs }: RunState, metric: string): boolean {
  // Of nearly all runs the first number says so.
  if (steps.metrics[metric]?.view().some((value) => !Number.isNaN(value))) return true;
  return epochs.some(({ metrics }) =>
    [metric, `val_${metric}`].some((name) => !Number.isNaN(finiteMetric(metrics, name))),
  );
}
