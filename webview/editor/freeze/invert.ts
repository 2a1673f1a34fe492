import type { FreezeRule } from '../../../src/core/freeze/rule';
import type { LayerView, ModelView } from '../../../src/protocol/editor';

/**
 * Rules under which exactly those layers train that are frozen now: one for all, and the names of the exceptions,
 * whichever are fewer. A layer without weights has nothing to freeze and is not named.
 */
export function invertedRules({ layers }: Pick<ModelView, 'layers'>): readonly FreezeRule[] {
  const weighted = layers.filter(({ weights }) => weights.length > 0);
  const names = (some: readonly LayerView[]) => some.map(({ name }) => name);
  const frozen = names(weighted.filter(({ trainable }) => !trainable));
  const trainable = names(weighted.filter((layer) => layer.trainable));
  const all = { all: true } as const;
  if (frozen.length <= trainable.length) {
    return frozen.length === 0
      ? [{ match: all }]
      : [{ match: all }, { match: { names: frozen }, trainable: true }];
  }
  return trainable.length === 0
    ? [{ match: all, trainable: true }]
    : [{ match: all, trainable: true }, { match: { names: trainable } }];
}
