import { t } from '../../l10n/translate';

/** What is not as it should be with a run's folder; the gravest come first. */
export const FAULTS = [
  'gone',
  'newer',
  'empty',
  'planMissing',
  'planNewer',
  'planBroken',
  'modelMissing',
  'torn',
] as const;

export type RunFault = (typeof FAULTS)[number];

/** A run's folder as a look at its files finds it, and what can still be done. */
export interface RunHealth {
  /** In the order of `FAULTS`. */
  readonly faults: readonly RunFault[];
  /** There is a plan and a checkpoint to go on from. */
  readonly canResume: boolean;
  /** There is a plan that can be trained once more. */
  readonly canTrainAgain: boolean;
  /** `log.txt` is there. */
  readonly hasLog: boolean;
}

/** In a list of runs. */
export const FAULT_WORD: Readonly<Record<RunFault, string>> = {
  gone: t('deleted'),
  newer: t('from a newer version'),
  empty: t('nothing recorded'),
  planMissing: t('no plan'),
  planNewer: t('newer plan'),
  planBroken: t('unreadable plan'),
  modelMissing: t('model missing'),
  torn: t('cut off'),
};

/** What it means, and what can still be done. */
export const FAULT_SENTENCE: Readonly<Record<RunFault, string>> = {
  gone: t('The run’s folder was deleted or moved.'),
  newer: t('A newer version of Model Surgery wrote this run. Update the extension to see all of it.'),
  empty: t('The trainer ended before it told of anything.'),
  planMissing: t(
    'The run’s plan.json is missing: its curves can be seen and exported, but it cannot be resumed.',
  ),
  planNewer: t(
    'A newer version of Model Surgery wrote the run’s plan: its curves can be seen, but this version cannot resume it.',
  ),
  planBroken: t(
    'The run’s plan.json cannot be read: its curves can be seen and exported, but it cannot be resumed.',
  ),
  modelMissing: t(
    'The model that the run wrote was deleted or moved. Its curves are here; train it again for another.',
  ),
  torn: t('The last line of the run’s log was cut off as it was written. Everything before it is shown.'),
};
