import type { RunStatus } from '../../src/core/run/events';
import { findBestEpoch } from './bestEpoch';
import { formatMetric, metricTitle } from './formatNumbers';
import { finiteMetric, type RunState } from './runState';

/** The words for a status; the run's name stands before them, or above. */
export const STATUS_WORD: Readonly<Record<RunStatus, string>> = {
  starting: 'Starting',
  running: 'Running',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  lost: 'Lost',
};

/** One sentence or two for a screen reader, new at each epoch and at the end of the run; empty before the first. */
export function announceRun(state: RunState, status: RunStatus): string {
  const epochs = state.start?.epochs;
  const last = state.epochs.at(-1);
  if (status === 'failed') return `Training failed: ${state.end?.error?.message ?? 'no reason was given'}`;
  if (status === 'finished' || status === 'stopped') {
    const best = findBestEpoch(state.epochs);
    const ended = `Training ${status} after ${last?.epoch ?? 0} of ${epochs ?? 0} epochs.`;
    return best ? `${ended} Best ${spoken(best.metric, best.value)}, in epoch ${best.epoch}.` : ended;
  }
  if (status === 'lost') return `The trainer is gone, after ${last?.epoch ?? 0} of ${epochs ?? 0} epochs.`;
  if (last === undefined) return '';
  const values = ['loss', 'val_loss', 'accuracy', 'val_accuracy'].flatMap((name) => {
    const value = finiteMetric(last.metrics, name);
    return Number.isNaN(value) ? [] : [spoken(name, value)];
  });
  return `Epoch ${last.epoch} of ${epochs ?? last.epoch}: ${values.join(', ')}.`;
}

function spoken(metric: string, value: number): string {
  const title = metricTitle(metric.replace(/^val_/, '')).toLowerCase();
  return `${metric.startsWith('val_') ? 'validation ' : ''}${title} ${formatMetric(metric, value)}`;
}
