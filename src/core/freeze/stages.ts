import { ALL_OPEN } from './allOpen';
import { addRules } from './batchNormalization';
import type { FreezeRule } from './rule';

const isAboutStages = ({ match, trainable }: FreezeRule) => 'stages' in match && !trainable;

/** How many of the first stages the rules freeze; 0 where none says so. */
export function frozenStages(rules: readonly FreezeRule[]): number {
  const rule = rules.findLast(isAboutStages);
  return rule && 'stages' in rule.match ? rule.match.stages : 0;
}

/** Rules with the first so many stages frozen: in the place of the rule that said how many, else after the others. */
export function withStages(rules: readonly FreezeRule[], stages: number): readonly FreezeRule[] {
  const at = rules.findIndex(isAboutStages);
  const others = rules.filter((rule) => !isAboutStages(rule));
  if (stages === 0) return others;
  const rule: FreezeRule = { match: { stages } };
  return at < 0 ? addRules(others, [rule]) : others.toSpliced(at, 0, rule);
}

/** All is trained but the first so many stages, whatever the model's file says: as a phase has it that opens the others. */
export function firstStagesFrozen(stages: number): readonly FreezeRule[] {
  return stages > 0 ? [ALL_OPEN, { match: { stages } }] : [ALL_OPEN];
}
