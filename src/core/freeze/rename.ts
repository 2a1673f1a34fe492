import type { FreezeRule } from './rule';

/** Freeze rules after a layer was renamed. */
export function renameInRules(rules: readonly FreezeRule[], layer: string, to: string): FreezeRule[] {
  return rules.map((rule) => {
    const { match } = rule;
    if ('upTo' in match && match.upTo === layer) return { ...rule, match: { upTo: to } };
    if ('from' in match && match.from === layer) return { ...rule, match: { from: to } };
    if ('names' in match && match.names.includes(layer)) {
      return { ...rule, match: { names: match.names.map((name) => (name === layer ? to : name)) } };
    }
    return rule;
  });
}
