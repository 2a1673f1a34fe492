import type { Plan } from './plan';
import type { ObjectiveFinding } from './objective';
import { t } from '../../l10n/translate';

/** Words of version 2 in a plan that says it is of version 1, which an older Model Surgery would not understand. */
export function newerWords(plan: Omit<Plan, 'metrics'>): readonly ObjectiveFinding[] {
  if (plan.version !== 1) return [];
  const expected = t('it in a plan of "version": 2 only');
  const own = (['fromLogits', 'labelSmoothing', 'classWeights'] as const).filter(
    (word) => plan[word] !== undefined,
  );
  const { minDelta = 0, mode = 'auto' } = plan.earlyStopping ?? {};
  return [
    ...own.map((word) => ({ path: [word], expected })),
    ...(minDelta === 0 ? [] : [{ path: ['earlyStopping', 'minDelta'], expected }]),
    ...(mode === 'auto' ? [] : [{ path: ['earlyStopping', 'mode'], expected }]),
    ...newerAugment(plan.data).map((word) => ({ path: ['data', 'augment', word], expected })),
    ...plan.phases.flatMap(({ optimizer, schedule }, index) => {
      const isNewKind = optimizer.kind === 'rmsprop' || optimizer.kind === 'adamw';
      const words = (['amsgrad', 'weightDecay', 'clipNorm', 'globalClipNorm', 'clipValue'] as const).filter(
        (word) => word in optimizer && optimizer[word as keyof typeof optimizer] !== undefined,
      );
      const at = ['phases', index];
      return [
        ...(schedule ? [{ path: [...at, 'schedule'], expected }] : []),
        ...(isNewKind ? [{ path: [...at, 'optimizer', 'kind'], expected }] : []),
        ...(isNewKind ? [] : words.map((word) => ({ path: [...at, 'optimizer', word], expected }))),
      ];
    }),
  ];
}

/** Version 1 has flips, turns and zooms. */
function newerAugment(data: Plan['data']): readonly string[] {
  if (!('augment' in data) || !data.augment) return [];
  const { augment } = data;
  const words = ['shift', 'brightness', 'contrast', 'crop'] as const;
  return [
    ...words.filter((word) => augment[word] !== 0),
    ...(augment.copies === undefined ? [] : ['copies']),
  ];
}
