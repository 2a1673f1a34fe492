import { describe, expect, it } from 'vitest';
import type { BestSoFar, Watched } from '../../../../src/core/run/improvement';
import { afterEpoch, isExhausted, isGrowing } from '../../../../src/core/run/improvement';

/** The epoch after which patience is at its end, and the best one, both from one. */
function follow(watched: Partial<Watched>, patience: number, values: readonly (number | undefined)[]) {
  const full: Watched = { monitor: 'val_loss', mode: 'auto', minDelta: 0, ...watched };
  let best: BestSoFar | undefined;
  for (const [index, value] of values.entries()) {
    best = afterEpoch(full, best, index + 1, value === undefined ? {} : { [full.monitor]: value });
    if (isExhausted(best, patience)) return { stopped: index + 1, best: best?.epoch };
  }
  return { stopped: undefined, best: best?.epoch };
}

/** As `keras.callbacks.EarlyStopping` of Keras 3 decides for the same values. */
describe('stopping early', () => {
  it.each<[string, Partial<Watched>, number, readonly (number | undefined)[], number | undefined, number]>([
    ['waits for as many epochs as it has patience', {}, 2, [5, 4, 4.1, 4.2, 1], 4, 2],
    ['without patience stops at the first that is no better', {}, 0, [5, 4, 4, 3], 3, 2],
    ['never stops in its first epoch', {}, 0, [5], undefined, 1],
    ['starts again at every improvement', {}, 2, [5, 6, 4, 6, 3, 6, 6, 1], 7, 5],
    ['wants more than minDelta', { minDelta: 0.5 }, 1, [5, 4.5, 1], 2, 1],
    ['counts a change that is more than minDelta', { minDelta: 0.5 }, 1, [5, 4.4, 4.3], 3, 2],
    ['knows that accuracy grows', { monitor: 'val_accuracy' }, 1, [0.5, 0.6, 0.55, 0.9], 3, 2],
    ['goes the way it is told', { mode: 'max' }, 1, [1, 2, 1.5], 3, 2],
    ['lets an epoch without the metric pass', {}, 1, [5, undefined, 4, undefined, 6], 5, 3],
    ['does not take what is no number for the best', {}, 1, [Number.NaN, 5, 6], 3, 2],
  ])('%s', (_, watched, patience, values, stopped, best) => {
    expect(follow(watched, patience, values)).toEqual({ stopped, best });
  });

  it('tells growing metrics from losses by their names', () => {
    const names = [
      'loss',
      'val_loss',
      'mae',
      'val_mae',
      'accuracy',
      'val_top5',
      'precision',
      'val_recall',
      'auc',
    ];
    expect(names.filter(isGrowing)).toEqual(['accuracy', 'val_top5', 'precision', 'val_recall', 'auc']);
  });
});
