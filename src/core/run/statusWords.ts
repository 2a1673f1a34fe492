import { t } from '../../l10n/translate';
import type { RunStatus } from './events';

/** How a run is doing, within a sentence or a row. */
export const STATUS_SAID: Readonly<Record<RunStatus, string>> = {
  starting: t('starting'),
  running: t('running'),
  finished: t('finished'),
  stopped: t('stopped'),
  failed: t('failed'),
  lost: t('lost'),
};
