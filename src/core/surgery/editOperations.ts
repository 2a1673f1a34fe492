import type { Edited } from './edit';
import { labelOf } from './label';
import { parseOperation } from './parseRecipe';
import type { Operation, Recipe } from './recipe';
import { stepAt } from './recipeUpTo';
import { t } from '../../l10n/translate';

/** Changes to the list of operations, by their places in it, from zero. */
export type OperationsEdit =
  /** `to` is the place it has afterwards. */
  | { readonly type: 'moveOperation'; readonly at: number; readonly to: number }
  | { readonly type: 'deleteOperation'; readonly at: number }
  | { readonly type: 'disableOperation'; readonly at: number; readonly disabled: boolean }
  | { readonly type: 'changeOperation'; readonly at: number; readonly operation: Operation };

/** @throws Failure `STEP_UNKNOWN` for a place that the recipe does not have; `OPERATION_INVALID` for a changed step that is none */
export function editOperations(recipe: Recipe, edit: OperationsEdit): Edited {
  const operation = stepAt(recipe, edit.at);
  const others = recipe.operations.toSpliced(edit.at, 1);
  const name = labelOf(operation);
  const edited = (operations: Operation[], label: string) => ({ recipe: { ...recipe, operations }, label });
  switch (edit.type) {
    case 'moveOperation':
      stepAt(recipe, edit.to);
      return edited(others.toSpliced(edit.to, 0, operation), t('Move "{0}"', name));
    case 'deleteOperation':
      return edited(others, t('Delete "{0}"', name));
    case 'disableOperation':
      return edited(
        recipe.operations.with(edit.at, switched(operation, edit.disabled)),
        edit.disabled ? t('Switch "{0}" off', name) : t('Switch "{0}" on', name),
      );
    case 'changeOperation':
      return edited(recipe.operations.with(edit.at, parseOperation(edit.operation)), t('Change "{0}"', name));
  }
}

function switched({ ...operation }: Operation, disabled: boolean): Operation {
  if (disabled) operation.disabled = true;
  else delete operation.disabled;
  return operation;
}
