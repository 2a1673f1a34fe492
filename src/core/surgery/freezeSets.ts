import { Failure } from '../failure';
import type { FreezeRule } from '../freeze/rule';
import type { Edited } from './edit';
import type { Recipe } from './recipe';
import { t } from '../../l10n/translate';

/** Changes to the named freeze sets. */
export type FreezeSetEdit =
  /** Keeps the rules there are under a name; over what had that name. */
  | { readonly type: 'saveFreezeSet'; readonly name: string }
  /** Its rules become the rules there are. */
  | { readonly type: 'useFreezeSet'; readonly name: string }
  | { readonly type: 'renameFreezeSet'; readonly name: string; readonly to: string }
  | { readonly type: 'deleteFreezeSet'; readonly name: string };

export function editFreezeSets(recipe: Recipe, edit: FreezeSetEdit): Edited {
  const sets = recipe.freezeSets ?? {};
  const quoted = `"${edit.name}"`;
  switch (edit.type) {
    case 'saveFreezeSet':
      return {
        recipe: withSets(recipe, { ...sets, [nameOf(edit.name)]: recipe.freeze }),
        label: t('Keep the freeze rules as {0}', quoted),
      };
    case 'useFreezeSet':
      return {
        recipe: { ...recipe, freeze: [...rulesOf(sets, edit.name)] },
        label: t('Use the freeze set {0}', quoted),
      };
    case 'renameFreezeSet': {
      rulesOf(sets, edit.name);
      const to = nameOf(edit.to);
      if (to !== edit.name && Object.hasOwn(sets, to)) {
        throw new Failure(
          'usage',
          'FREEZE_SET_TAKEN',
          t('a freeze set is named "{0}" already; choose another', to),
        );
      }
      // In its old place, so that a list of them stays in order.
      const renamed = Object.entries(sets).map(([name, rules]) => [name === edit.name ? to : name, rules]);
      return {
        recipe: withSets(recipe, Object.fromEntries(renamed)),
        label: t('Rename the freeze set {0} to "{1}"', quoted, to),
      };
    }
    case 'deleteFreezeSet': {
      rulesOf(sets, edit.name);
      const others = Object.entries(sets).filter(([name]) => name !== edit.name);
      return {
        recipe: withSets(recipe, Object.fromEntries(others)),
        label: t('Delete the freeze set {0}', quoted),
      };
    }
  }
}

function withSets(recipe: Recipe, freezeSets: NonNullable<Recipe['freezeSets']>): Recipe {
  const edited: Recipe = { ...recipe, freezeSets };
  if (Object.keys(freezeSets).length === 0) delete edited.freezeSets;
  return edited;
}

function rulesOf(sets: Readonly<Record<string, FreezeRule[]>>, name: string): readonly FreezeRule[] {
  if (Object.hasOwn(sets, name)) return sets[name]!;
  const known = Object.keys(sets).join(', ') || t('none');
  throw new Failure(
    'usage',
    'FREEZE_SET_UNKNOWN',
    t('no freeze set is named "{0}"; there are: {1}', name, known),
  );
}

function nameOf(text: string): string {
  const name = text.trim();
  if (name !== '' && name !== '__proto__') return name;
  throw new Failure(
    'usage',
    'FREEZE_SET_NAME',
    t('found the name "{0}" for a freeze set, expected some text', text),
  );
}
