import { metricTitle } from '../../src/core/run/metricWords';
import { t } from '../../src/l10n/translate';

/** A metric as the head of a column, by its history name: `Val. loss`. */
export function columnTitle(metric: string): string {
  if (!metric.startsWith('val_')) return metricTitle(metric);
  return t('Val. {0}', metricTitle(metric.slice('val_'.length)).toLowerCase());
}

/** A metric within a sentence: `validation loss`. */
export function spokenMetric(metric: string): string {
  const title = metricTitle(metric.replace(/^val_/, '')).toLowerCase();
  return metric.startsWith('val_') ? t('validation {0}', title) : title;
}
