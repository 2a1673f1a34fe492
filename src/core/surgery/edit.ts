import type { FreezeRule } from '../freeze/rule';
import { simplifyRules } from '../freeze/simplify';
import { labelOf, labelOfFreeze } from './label';
import type { Operation, Recipe } from './recipe';

/** An intent to change the recipe. Each becomes one undoable edit with a label. */
export type Edit =
  | { readonly type: 'operate'; readonly operation: Operation }
  /** Adds rules after the ones there are. */
  | { readonly type: 'freeze'; readonly rules: readonly FreezeRule[] }
  | { readonly type: 'setFreezeRules'; readonly rules: readonly FreezeRule[] };

/** A recipe after an edit, and the edit's name in the Undo menu. */
export interface Edited {
  readonly recipe: Recipe;
  readonly label: string;
}

/** The recipe with an edit in it. Whether the graph allows it, replaying says. */
export function applyEdit(recipe: Recipe, edit: Edit): Edited {
  switch (edit.type) {
    case 'operate': {
      const operations = [...recipe.operations, edit.operation];
      return {
        recipe: { ...recipe, operations, freeze: followed(recipe.freeze, edit.operation) },
        label: labelOf(edit.operation),
      };
    }
    case 'freeze':
      return {
        recipe: { ...recipe, freeze: simplifyRules([...recipe.freeze, ...edit.rules]) },
        label: labelOfFreeze(edit.rules),
      };
    case 'setFreezeRules':
      return {
        recipe: { ...recipe, freeze: simplifyRules(edit.rules) },
        label: edit.rules.length === 0 ? 'Clear the freeze rules' : 'Set the freeze rules',
      };
  }
}

/** Rules speak of layers by the names that they have after all operations, so they follow a renaming. */
function followed(rules: Recipe['freeze'], operation: Operation): Recipe['freeze'] {
  if (operation.op !== 'rename') return rules;
  const { layer, to } = operation;
  return rules.map((rule) => {
    const { match } = rule;
    if ('upTo' in match && match.upTo === layer) return { ...rule, match: { upTo: to } };
    if ('names' in match && match.names.includes(layer)) {
      return { ...rule, match: { names: match.names.map((name) => (name === layer ? to : name)) } };
    }
    return rule;
  });
}
