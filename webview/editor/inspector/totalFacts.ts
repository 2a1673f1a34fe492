import type { ReactNode } from 'react';
import type { ModelView } from '../../../src/protocol/editor';
import type { Memory } from '../model/memory';
import { showActivations, showBytes } from '../model/memory';
import { count, shortCount } from '../model/text';

/** What layers weigh together, in words. Of weights alone no more is known than what they are. */
export function factsOf(
  { params, trainable, frozen, statistics, flops }: ModelView['totals'],
  memory: Memory,
  weightsOnly: boolean,
): readonly { readonly name: string; readonly value: ReactNode }[] {
  const weights = { name: 'Memory of weights', value: showBytes(memory.weights) };
  if (weightsOnly) return [{ name: 'Parameters', value: count(params) }, weights];
  return [
    { name: 'Parameters', value: count(params) },
    { name: 'Trainable', value: count(trainable) },
    { name: 'Frozen', value: count(frozen) },
    { name: 'Statistics', value: count(statistics) },
    { name: 'FLOPs a sample', value: shortCount(flops) },
    weights,
    { name: 'Activations a sample', value: showActivations(memory) },
  ];
}
