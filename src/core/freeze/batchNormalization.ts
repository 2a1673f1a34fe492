import type { FreezeRule, Match } from './rule';

/**
 * What freezing does to BatchNormalization. `follows`: what it does to any layer. `trainable`: such layers stay
 * trainable, scale, offset and statistics alike, whatever else is frozen: a rule that stays the last one.
 */
export type BatchNormalizationPolicy = 'follows' | 'trainable';

const STAYS_TRAINABLE: FreezeRule = { match: { kind: 'BatchNormalization' }, trainable: true };

const isPolicy = ({ match, trainable, learningRateMultiplier }: FreezeRule) =>
  'kind' in match &&
  match.kind === 'BatchNormalization' &&
  trainable === true &&
  learningRateMultiplier === undefined;

/** The policy that freeze rules amount to. */
export function batchNormalizationPolicy(rules: readonly FreezeRule[]): BatchNormalizationPolicy {
  const last = rules.findLast((rule) => !('names' in rule.match));
  return last && isPolicy(last) ? 'trainable' : 'follows';
}

export function withBatchNormalization(
  rules: readonly FreezeRule[],
  policy: BatchNormalizationPolicy,
): readonly FreezeRule[] {
  if (policy === batchNormalizationPolicy(rules)) return rules;
  return policy === 'trainable' ? [...rules, STAYS_TRAINABLE] : rules.filter((rule) => !isPolicy(rule));
}

/** Rules with others after them: after the policy only those that name layers, or speak of this kind themselves. */
export function addRules(rules: readonly FreezeRule[], added: readonly FreezeRule[]): readonly FreezeRule[] {
  if (batchNormalizationPolicy(rules) === 'follows' || added.some(({ match }) => overrules(match))) {
    return [...rules, ...added];
  }
  const at = rules.findLastIndex(isPolicy);
  return [...rules.slice(0, at), ...added, ...rules.slice(at)];
}

const overrules = (match: Match) =>
  'names' in match || ('kind' in match && match.kind === 'BatchNormalization');
