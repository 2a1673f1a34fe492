import type { FreezeRule, Match } from './rule';

/**
 * Rules that mean the same, fewer: those wholly shadowed by a later one go, names that a later rule speaks of go from
 * earlier ones, and neighbouring rules about names become one. Clicking a lock a hundred times leaves a short recipe.
 */
export function simplifyRules(rules: readonly FreezeRule[]): FreezeRule[] {
  const kept: FreezeRule[] = [];
  const named = new Set<string>();
  for (const rule of rules.toReversed()) {
    if (kept.some((later) => covers(later.match, rule.match))) continue;
    if (!('names' in rule.match)) {
      kept.push(rule);
      continue;
    }
    const names = [...new Set(rule.match.names)].filter((name) => !named.has(name));
    if (names.length === 0) continue;
    for (const name of names) named.add(name);
    kept.push({ ...rule, match: { names } });
  }
  return kept.toReversed().reduce<FreezeRule[]>(joinNames, []);
}

/** Whether a match takes in, in any graph, all that the other does. */
function covers(outer: Match, inner: Match): boolean {
  if ('all' in outer) return true;
  if ('stages' in outer && 'stages' in inner) return inner.stages <= outer.stages;
  return JSON.stringify(outer) === JSON.stringify(inner);
}

function joinNames(done: FreezeRule[], rule: FreezeRule): FreezeRule[] {
  const last = done.at(-1);
  const joins = last && sayTheSame(last, rule);
  if (!joins || !('names' in last.match) || !('names' in rule.match)) return [...done, rule];
  const names = [...last.match.names, ...rule.match.names];
  return [...done.slice(0, -1), { ...last, match: { names } }];
}

/** Whether two rules do the same to what they match. */
function sayTheSame(a: FreezeRule, b: FreezeRule): boolean {
  return (
    (a.trainable ?? false) === (b.trainable ?? false) &&
    (a.learningRateMultiplier ?? 1) === (b.learningRateMultiplier ?? 1)
  );
}
