import { expect, test } from 'vitest';
import { applyEdit } from '../../../../src/core/surgery/edit';
import { EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';

test('several edits are one, with one label, in their order', () => {
  const { recipe, label } = applyEdit(EMPTY_RECIPE, {
    type: 'together',
    label: 'Follow the advice',
    edits: [
      { type: 'operate', operation: { op: 'cut', after: 'flatten' } },
      { type: 'freeze', rules: [{ match: { names: ['flatten'] } }] },
      // Freeze rules follow a renaming, within them too.
      { type: 'operate', operation: { op: 'rename', layer: 'flatten', to: 'features' } },
    ],
  });
  expect(label).toBe('Follow the advice');
  expect(recipe.operations.map(({ op }) => op)).toEqual(['cut', 'rename']);
  expect(recipe.freeze).toEqual([{ match: { names: ['features'] } }]);
});
