import type { Operation, Recipe } from './recipe';

/** The operations that are carried out. By itself, so that who needs no schema does not load one. */
export function activeOperations({ operations }: Pick<Recipe, 'operations'>): readonly Operation[] {
  return operations.filter(({ disabled }) => !disabled);
}
