import { describe, expect, test } from 'vitest';
import type { Edit } from '../../../../src/core/surgery/edit';
import { applyEdit } from '../../../../src/core/surgery/edit';
import { headLayers } from '../../../../src/core/surgery/head';
import { labelOf, labelOfFreeze } from '../../../../src/core/surgery/label';
import type { Operation, Recipe } from '../../../../src/core/surgery/recipe';
import { parseRecipe } from '../../../../src/core/surgery/parseRecipe';
import { activeOperations, EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';
import { replay } from '../../../../src/core/surgery/replay';
import { failureOf, smallNet } from './sampleGraphs';

const dense = { kind: 'Dense', name: 'predictions', config: { units: 5 } };

describe('labels', () => {
  test('of operations', () => {
    expect(labelOf({ op: 'cut', after: 'out_relu' })).toBe('Cut after out_relu');
    expect(labelOf({ op: 'append', after: 'out_relu', layers: [dense] })).toBe(
      'Append predictions after out_relu',
    );
    expect(labelOf({ op: 'append', after: 'x', layers: [dense, dense, dense] })).toBe(
      'Append 3 layers after x',
    );
    expect(labelOf({ op: 'insert', between: ['a', 'b'], layers: [{ kind: 'Dropout' }] })).toBe(
      'Insert Dropout before b',
    );
    expect(labelOf({ op: 'remove', layers: ['a', 'b'] })).toBe('Remove a and b');
    expect(labelOf({ op: 'rename', layer: 'a', to: 'b' })).toBe('Rename a to b');
    expect(labelOf({ op: 'configure', layer: 'a', config: { units: 2 } })).toBe('Set units of a');
    expect(labelOf({ op: 'reinitialize', layers: ['a', 'b', 'c'] })).toBe('Reinitialize 3 layers');
  });

  test('of freeze rules', () => {
    expect(labelOfFreeze([{ match: { upTo: 'conv5' } }])).toBe('Freeze up to conv5');
    expect(labelOfFreeze([{ match: { kind: 'BatchNormalization' }, trainable: true }])).toBe(
      'Unfreeze BatchNormalization layers',
    );
    expect(labelOfFreeze([{ match: { all: true } }, { match: { names: ['a'] }, trainable: true }])).toBe(
      'Freeze all layers, unfreeze a',
    );
    expect(labelOfFreeze([{ match: { stages: 2 } }])).toBe('Freeze the first 2 stages');
  });
});

describe('applyEdit', () => {
  const apply = (...edits: Edit[]) =>
    edits.reduce<Recipe>((recipe, edit) => applyEdit(recipe, edit).recipe, EMPTY_RECIPE);

  test('adds to the recipe and leaves the old one as it was', () => {
    const edited = applyEdit(EMPTY_RECIPE, { type: 'operate', operation: { op: 'cut', after: 'relu' } });
    expect(edited.label).toBe('Cut after relu');
    expect(edited.recipe.operations).toEqual([{ op: 'cut', after: 'relu' }]);
    expect(EMPTY_RECIPE.operations).toEqual([]);
  });

  test('keeps rules few: names gather, what a later rule shadows goes', () => {
    const freeze = (...names: string[]): Edit => ({ type: 'freeze', rules: [{ match: { names } }] });
    const unfreeze = (...names: string[]): Edit => ({
      type: 'freeze',
      rules: [{ match: { names }, trainable: true }],
    });
    expect(apply(freeze('a'), freeze('b'), freeze('a')).freeze).toEqual([{ match: { names: ['b', 'a'] } }]);
    expect(apply(freeze('a', 'b'), unfreeze('a')).freeze).toEqual([
      { match: { names: ['b'] } },
      { match: { names: ['a'] }, trainable: true },
    ]);
    expect(
      apply(freeze('a'), { type: 'freeze', rules: [{ match: { all: true } }] }, unfreeze('c')).freeze,
    ).toEqual([{ match: { all: true } }, { match: { names: ['c'] }, trainable: true }]);
    expect(
      apply({
        type: 'freeze',
        rules: [{ match: { stages: 2 } }, { match: { kind: 'ReLU' } }, { match: { stages: 3 } }],
      }).freeze,
    ).toEqual([{ match: { kind: 'ReLU' } }, { match: { stages: 3 } }]);
    expect(apply(freeze('a'), { type: 'setFreezeRules', rules: [] }).freeze).toEqual([]);
  });

  test('says of set rules what was done to them, where that is known', () => {
    const set = (edit: Edit) => applyEdit(EMPTY_RECIPE, edit).label;
    expect(set({ type: 'setFreezeRules', rules: [] })).toBe('Clear the freeze rules');
    expect(set({ type: 'setFreezeRules', rules: [{ match: { all: true } }] })).toBe('Set the freeze rules');
    const label = 'Invert what is frozen';
    expect(set({ type: 'setFreezeRules', rules: [{ match: { all: true } }], label })).toBe(label);
  });

  test('lets freeze rules follow a renaming', () => {
    const recipe = apply(
      {
        type: 'freeze',
        rules: [{ match: { upTo: 'conv' } }, { match: { names: ['conv', 'bn'] }, trainable: true }],
      },
      { type: 'operate', operation: { op: 'rename', layer: 'conv', to: 'first' } },
    );
    expect(recipe.freeze).toEqual([
      { match: { upTo: 'first' } },
      { match: { names: ['first', 'bn'] }, trainable: true },
    ]);
    const { graph } = replay(smallNet(), recipe);
    expect(graph.layers.filter((layer) => !layer.trainable).map((layer) => layer.name)).toEqual([
      'input_layer',
    ]);
  });
});

describe('headLayers', () => {
  test('pools, drops, connects', () => {
    const head = headLayers({
      pooling: 'average',
      hiddenUnits: [16],
      dropout: 0.2,
      classes: 5,
      activation: 'softmax',
    });
    expect(head.map(({ kind, config }) => [kind, config])).toEqual([
      ['GlobalAveragePooling2D', undefined],
      ['Dense', { units: 16, activation: 'relu' }],
      ['Dropout', { rate: 0.2 }],
      ['Dense', { units: 5, activation: 'softmax' }],
    ]);
    const { faults } = replay(smallNet(), {
      ...EMPTY_RECIPE,
      operations: [{ op: 'append', after: 'relu', layers: head }],
    });
    expect(faults).toEqual([]);
  });

  test('drops before the classifier where there is no hidden layer', () => {
    const head = headLayers({
      pooling: 'flatten',
      hiddenUnits: [],
      dropout: 0.5,
      classes: 2,
      activation: 'linear',
    });
    expect(head.map(({ kind }) => kind)).toEqual(['Flatten', 'Dropout', 'Dense']);
  });

  test('is one Dense layer where nothing else is asked for', () => {
    const head = headLayers({
      pooling: 'none',
      hiddenUnits: [],
      dropout: 0,
      classes: 2,
      activation: 'sigmoid',
    });
    expect(head).toEqual([{ kind: 'Dense', config: { units: 2, activation: 'sigmoid' } }]);
  });
});

describe('edits of the steps', () => {
  const steps = parseRecipe({
    version: 1,
    operations: [
      { op: 'cut', after: 'pool' },
      { op: 'append', after: 'pool', layers: [dense] },
      { op: 'rename', layer: 'conv', to: 'stem' },
    ],
  });
  const names = (recipe: Recipe) => recipe.operations.map(({ op }) => op);

  test('move, delete, switch off and on', () => {
    const moved = applyEdit(steps, { type: 'moveOperation', at: 2, to: 0 });
    expect(moved.label).toBe('Move "Rename conv to stem"');
    expect(names(moved.recipe)).toEqual(['rename', 'cut', 'append']);
    expect(names(applyEdit(steps, { type: 'deleteOperation', at: 1 }).recipe)).toEqual(['cut', 'rename']);
    const off = applyEdit(steps, { type: 'disableOperation', at: 2, disabled: true });
    expect(off.label).toBe('Switch "Rename conv to stem" off');
    expect(off.recipe.version).toBe(2);
    expect(activeOperations(off.recipe).map(({ op }) => op)).toEqual(['cut', 'append']);
    const on = applyEdit(off.recipe, { type: 'disableOperation', at: 2, disabled: false });
    expect(on.recipe).toEqual(steps);
  });

  test('a step that is off is not carried out, and its graph is the one without it', () => {
    const base = smallNet();
    const off = applyEdit(steps, { type: 'disableOperation', at: 2, disabled: true }).recipe;
    const without = applyEdit(steps, { type: 'deleteOperation', at: 2 }).recipe;
    expect(replay(base, off).graph).toEqual(replay(base, without).graph);
    expect(replay(base, off).graph.layers.map(({ name }) => name)).toContain('conv');
  });

  test('change a step; what is no step is refused with all that is wrong', () => {
    const at = 2;
    const changed = applyEdit(steps, {
      type: 'changeOperation',
      at,
      operation: { op: 'rename', layer: 'conv', to: 'first' },
    });
    expect(changed.label).toBe('Change "Rename conv to stem"');
    expect(changed.recipe.operations[at]).toEqual({ op: 'rename', layer: 'conv', to: 'first' });
    const typed = (text: string) => () =>
      applyEdit(steps, { type: 'changeOperation', at, operation: JSON.parse(text) as Operation });
    expect(failureOf(typed('{ "op": "rename", "layr": "conv", "to": "" }'))).toBe(
      'OPERATION_INVALID: layer: is missing, expected text in quotes; to: found "", expected some text; ' +
        'layr: no such field; the nearest is "layer"',
    );
    expect(failureOf(typed('{ "op": "amputate" }'))).toMatch(/^OPERATION_INVALID: op: .*"cut", "remove"/);
    expect(failureOf(typed('[]'))).toMatch(/^OPERATION_INVALID: found \[\], expected/);
  });

  test('a step that is not there', () => {
    expect(failureOf(() => applyEdit(steps, { type: 'moveOperation', at: 0, to: 3 }))).toBe(
      'STEP_UNKNOWN: the recipe has 3 operations, found a change of number 4',
    );
  });
});

describe('freeze sets', () => {
  const all: Edit = { type: 'freeze', rules: [{ match: { all: true } }] };
  const none: Edit = { type: 'setFreezeRules', rules: [] };
  const save = (name: string): Edit => ({ type: 'saveFreezeSet', name });
  const apply = (recipe: Recipe, ...edits: Edit[]) =>
    edits.reduce<Recipe>((before, edit) => applyEdit(before, edit).recipe, recipe);

  test('are kept, switched to, renamed and deleted', () => {
    const kept = apply(EMPTY_RECIPE, all, save('head only'), none, save('everything'));
    expect(kept.version).toBe(2);
    expect(Object.keys(kept.freezeSets ?? {})).toEqual(['head only', 'everything']);
    expect(apply(kept, { type: 'useFreezeSet', name: 'head only' }).freeze).toEqual([
      { match: { all: true } },
    ]);
    const renamed = apply(kept, { type: 'renameFreezeSet', name: 'head only', to: 'first' });
    expect(Object.keys(renamed.freezeSets ?? {})).toEqual(['first', 'everything']);
    const empty = apply(
      renamed,
      { type: 'deleteFreezeSet', name: 'first' },
      { type: 'deleteFreezeSet', name: 'everything' },
    );
    expect(empty).toEqual(EMPTY_RECIPE);
  });

  test('follow a renaming, and survive writing and reading', () => {
    const kept = apply(
      EMPTY_RECIPE,
      { type: 'freeze', rules: [{ match: { from: 'dense' } }] },
      save('tail'),
      {
        type: 'operate',
        operation: { op: 'rename', layer: 'dense', to: 'logits' },
      },
    );
    expect(kept.freezeSets).toEqual({ tail: [{ match: { from: 'logits' } }] });
    expect(parseRecipe(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  });

  test('that are not there, or there already', () => {
    const kept = apply(EMPTY_RECIPE, save('a'), save('b'));
    expect(failureOf(() => applyEdit(kept, { type: 'useFreezeSet', name: 'c' }))).toBe(
      'FREEZE_SET_UNKNOWN: no freeze set is named "c"; there are: a, b',
    );
    expect(failureOf(() => applyEdit(kept, { type: 'renameFreezeSet', name: 'a', to: 'b' }))).toMatch(
      /^FREEZE_SET_TAKEN/,
    );
    expect(failureOf(() => applyEdit(kept, save('  ')))).toMatch(/^FREEZE_SET_NAME/);
  });
});
