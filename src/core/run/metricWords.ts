import { t } from '../../l10n/translate';

/** Accuracies are shares of samples; whatever else has a curve is a number like a loss. */
export function isShare(metric: string): boolean {
  return /^(val_)?(.*accuracy|top\d+)$/i.test(metric);
}

/** Those that plans name, by their history names. Keras's names for others are their words in every language. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['loss', t('Loss')],
  ['accuracy', t('Accuracy')],
  ['binaryAccuracy', t('BinaryAccuracy')],
  ['precision', t('Precision')],
  ['recall', t('Recall')],
]);

/** A metric's name as a heading, by its history name: `Top-5 accuracy`. */
export function metricTitle(metric: string): string {
  const top = /^top(\d+)$/.exec(metric);
  if (top) return t('Top-{0} accuracy', top[1]);
  const title = TITLES.get(metric);
  if (title !== undefined) return title;
  const words = metric.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
