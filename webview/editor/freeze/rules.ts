import type { FreezeRule, Match } from '../../../src/core/freeze/rule';
import { matchedIds } from '../model/matching';
import type { ModelIndex } from '../model/modelIndex';

/** The usual slow-down of a backbone beside a new head. */
export const USUAL_MULTIPLIER = 0.1;

/** Trains what it matches, at this share of the learning rate; in full where that is 1. */
export function slowRule(match: Match, multiplier: number): FreezeRule {
  return multiplier === 1
    ? { match, trainable: true }
    : { match, trainable: true, learningRateMultiplier: multiplier };
}

/** A share of the learning rate as somebody typed it; undefined where it is none. */
export function readMultiplier(text: string): number | undefined {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

const multipliers = new WeakMap<ModelIndex, ReadonlyMap<string, number>>();

/** The share of the learning rate that a layer trains at: the last rule that matches it says so. Worked out once a model. */
export function multiplierOf(index: ModelIndex, id: string): number {
  let known = multipliers.get(index);
  if (!known) {
    const found = new Map<string, number>();
    for (const { match, learningRateMultiplier = 1 } of index.model.recipe.freeze) {
      for (const layer of matchedIds(index, match)) found.set(layer, learningRateMultiplier);
    }
    known = found;
    multipliers.set(index, known);
  }
  return known.get(id) ?? 1;
}

/** A rule switched from freezing to training or back; a frozen layer has no learning rate. */
export function switched({ match, trainable }: FreezeRule): FreezeRule {
  return trainable ? { match } : { match, trainable: true };
}

/** Whether two lists say the same, word for word. */
export function sameRules(a: readonly FreezeRule[], b: readonly FreezeRule[]): boolean {
  const text = (rules: readonly FreezeRule[]) =>
    JSON.stringify(
      rules.map(({ match, trainable, learningRateMultiplier }) => [
        match,
        trainable ?? false,
        learningRateMultiplier ?? 1,
      ]),
    );
  return text(a) === text(b);
}

export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const item = list[from];
  return item === undefined ? list : list.toSpliced(from, 1).toSpliced(to, 0, item);
}
