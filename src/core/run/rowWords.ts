import { t } from '../../l10n/translate';
import type { ComparedRow, ComparedValue } from './compare';
import { showValue } from './showValue';
import { STATUS_SAID } from './statusWords';

/** Rows of a comparison, which are found by their names, and keep them in a CSV file, as people read them. */
const ROW_WORD: ReadonlyMap<string, string> = new Map([
  ['status', t('status')],
  ['order of operations', t('order of operations')],
  ['freeze set', t('freeze set')],
  ['engine', t('engine')],
  ['parameters', t('parameters')],
  ['parameters trained', t('parameters trained')],
  ['epochs', t('epochs')],
  ['seconds', t('seconds')],
  ['best epoch by', t('best epoch by')],
  ['best epoch', t('best epoch')],
]);

/** Whether a run has an operation, and how it ended. */
const VALUE_WORD: ReadonlyMap<string, string> = new Map([
  ...Object.entries(STATUS_SAID),
  ['yes', t('yes')],
  ['no', t('no')],
]);

/** Operations and the words of a plan are called what they are called there. */
export function rowWord({ name, metric, at }: ComparedRow): string {
  if (metric !== undefined) {
    return at === 'best' ? t('{0} (best epoch)', metric) : t('{0} (last epoch)', metric);
  }
  const [, phase] = /^freeze set of phase (\d+)$/.exec(name) ?? [];
  return phase === undefined ? (ROW_WORD.get(name) ?? name) : t('freeze set of phase {0}', phase);
}

export function valueWord(value: ComparedValue): string {
  return typeof value === 'string' ? (VALUE_WORD.get(value) ?? value) : showValue(value);
}
