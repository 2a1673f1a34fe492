import type { RunStatus } from '../../src/core/run/events';
import { t } from '../../src/l10n/translate';
import { findBestEpoch } from './bestEpoch';
import { formatMetric } from './formatNumbers';
import { spokenMetric } from './metricNames';
import { finiteMetric, type RunState } from './runState';

/** The words for a status; the run's name stands before them, or above. */
export const STATUS_WORD: Readonly<Record<RunStatus, string>> = {
  starting: t('Starting'),
  running: t('Running'),
  finished: t('Finished'),
  stopped: t('Stopped'),
  failed: t('Failed'),
  lost: t('Lost'),
};

/** One sentence or two for a screen reader, new at each epoch and at the end of the run; empty before the first. */
export function announceRun(state: RunState, status: RunStatus): string {
  const epochs = state.start?.epochs;
  const last = state.epochs.at(-1);
  const done = last?.epoch ?? 0;
  if (status === 'failed') {
    return t('Training failed: {0}', state.end?.error?.message ?? t('no reason was given'));
  }
  if (status === 'finished' || status === 'stopped') {
    const best = findBestEpoch(state.epochs);
    const ended =
      status === 'finished'
        ? t('Training finished after {0} of {1} epochs.', done, epochs ?? 0)
        : t('Training stopped after {0} of {1} epochs.', done, epochs ?? 0);
    return best
      ? `${ended} ${t('Best {0}, in epoch {1}.', spoken(best.metric, best.value), best.epoch)}`
      : ended;
  }
  if (status === 'lost') return t('The trainer is gone, after {0} of {1} epochs.', done, epochs ?? 0);
  if (last === undefined) return '';
  const values = ['loss', 'val_loss', 'accuracy', 'val_accuracy'].flatMap((name) => {
    const value = finiteMetric(last.metrics, name);
    return Number.isNaN(value) ? [] : [spoken(name, value)];
  });
  return t('Epoch {0} of {1}: {2}.', last.epoch, epochs ?? last.epoch, values.join(', '));
}

function spoken(metric: string, value: number): string {
  return `${spokenMetric(metric)} ${formatMetric(metric, value)}`;
}
