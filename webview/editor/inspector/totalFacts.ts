import type { ReactNode } from 'react';
import type { ModelView } from '../../../src/protocol/editor';
import type { Memory } from '../model/memory';
import { showActivations, showBytes } from '../model/memory';
import { count, shortCount } from '../model/text';
import { t } from '../../../src/l10n/translate';

/** What layers weigh together, in words. Of weights alone no more is known than what they are. */
export function factsOf(
  { params, trainable, frozen, statistics, flops }: ModelView['totals'],
  memory: Memory,
  weightsOnly: boolean,
): readonly { readonly name: string; readonly value: ReactNode }[] {
  const weights = { name: t('Memory of weights'), value: showBytes(memory.weights) };
  if (weightsOnly) return [{ name: t('Parameters'), value: count(params) }, weights];
  return [
    { name: t('Parameters'), value: count(params) },
    { name: t('Trainable'), value: count(trainable) },
    { name: t('Frozen'), value: count(frozen) },
    { name: t('Statistics'), value: count(statistics) },
    { name: t('FLOPs a sample'), value: shortCount(flops) },
    weights,
    { name: t('Activations a sample'), value: showActivations(memory) },
  ];
}
