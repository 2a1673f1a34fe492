import type { BatchNormalizationPolicy } from '../freeze/batchNormalization';
import { addRules, withBatchNormalization } from '../freeze/batchNormalization';
import type { FreezeRule } from '../freeze/rule';
import { simplifyRules } from '../freeze/simplify';
import { withStages } from '../freeze/stages';
import { renameInRules } from '../freeze/rename';
import { labelOf, labelOfFreeze } from './label';
import type { OperationsEdit } from './editOperations';
import { editOperations } from './editOperations';
import type { FreezeSetEdit } from './freezeSets';
import { editFreezeSets } from './freezeSets';
import type { Operation, Recipe } from './recipe';
import { versioned } from './recipe';
import { t } from '../../l10n/translate';

/** An intent to change the recipe. Each becomes one undoable edit with a label. */
export type Edit =
  | { readonly type: 'operate'; readonly operation: Operation }
  /** Adds rules after the ones there are. */
  | { readonly type: 'freeze'; readonly rules: readonly FreezeRule[] }
  /** `label` says in the Undo menu what was done to them, where that is known: "Invert what is frozen". */
  | { readonly type: 'setFreezeRules'; readonly rules: readonly FreezeRule[]; readonly label?: string }
  /** The one rule about stages: the first so many are frozen, none where it is 0. */
  | { readonly type: 'freezeStages'; readonly stages: number }
  | { readonly type: 'batchNormalization'; readonly policy: BatchNormalizationPolicy }
  /** Several one after another, undone together. */
  | { readonly type: 'together'; readonly edits: readonly Edit[]; readonly label: string }
  | OperationsEdit
  | FreezeSetEdit;

/** A recipe after an edit, and the edit's name in the Undo menu. */
export interface Edited {
  readonly recipe: Recipe;
  readonly label: string;
}

/**
 * The recipe with an edit in it. Whether the graph allows it, replaying says.
 *
 * @throws Failure of kind `usage` for a step or a freeze set that the recipe does not have
 */
export function applyEdit(recipe: Recipe, edit: Edit): Edited {
  const { recipe: edited, label } = carryOut(recipe, edit);
  return { recipe: versioned(edited), label };
}

function carryOut(recipe: Recipe, edit: Edit): Edited {
  switch (edit.type) {
    case 'operate':
      return {
        recipe: followed({ ...recipe, operations: [...recipe.operations, edit.operation] }, edit.operation),
        label: labelOf(edit.operation),
      };
    case 'freeze':
      return {
        recipe: { ...recipe, freeze: simplifyRules(addRules(recipe.freeze, edit.rules)) },
        label: labelOfFreeze(edit.rules),
      };
    case 'setFreezeRules':
      return {
        recipe: { ...recipe, freeze: simplifyRules(edit.rules) },
        label:
          edit.label ?? (edit.rules.length === 0 ? t('Clear the freeze rules') : t('Set the freeze rules')),
      };
    case 'freezeStages': {
      const rule: FreezeRule = { match: { stages: edit.stages } };
      return {
        recipe: { ...recipe, freeze: simplifyRules(withStages(recipe.freeze, edit.stages)) },
        label: edit.stages > 0 ? labelOfFreeze([rule]) : t('Freeze no stage'),
      };
    }
    case 'batchNormalization':
      return {
        recipe: { ...recipe, freeze: simplifyRules(withBatchNormalization(recipe.freeze, edit.policy)) },
        label:
          edit.policy === 'trainable'
            ? t('Keep BatchNormalization trainable')
            : t('Let BatchNormalization follow the freeze rules'),
      };
    case 'together':
      return {
        recipe: edit.edits.reduce((edited, next) => carryOut(edited, next).recipe, recipe),
        label: edit.label,
      };
    case 'moveOperation':
    case 'deleteOperation':
    case 'disableOperation':
    case 'changeOperation':
      return editOperations(recipe, edit);
    case 'saveFreezeSet':
    case 'useFreezeSet':
    case 'renameFreezeSet':
    case 'deleteFreezeSet':
      return editFreezeSets(recipe, edit);
  }
}

/** Rules speak of layers by the names that they have after all operations, so they follow a renaming. */
function followed(recipe: Recipe, operation: Operation): Recipe {
  const renaming = renamingOf(operation);
  if (!renaming) return recipe;
  const { layer, to } = renaming;
  const { freeze, freezeSets } = recipe;
  return {
    ...recipe,
    freeze: renameInRules(freeze, layer, to),
    ...(freezeSets && {
      freezeSets: Object.fromEntries(
        Object.entries(freezeSets).map(([name, rules]) => [name, renameInRules(rules, layer, to)]),
      ),
    }),
  };
}

function renamingOf(operation: Operation): { readonly layer: string; readonly to: string } | undefined {
  if (operation.op === 'rename') return operation;
  if (operation.op !== 'replace' || operation.with.name === undefined) return undefined;
  return { layer: operation.layer, to: operation.with.name };
}
