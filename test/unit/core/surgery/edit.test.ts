import { describe, expect, test } from 'vitest';
import type { Edit } from '../../../../src/core/surgery/edit';
import { applyEdit } from '../../../../src/core/surgery/edit';
import { headLayers } from '../../../../src/core/surgery/head';
import { labelOf, labelOfFreeze } from '../../../../src/core/surgery/label';
import type { Recipe } from '../../../../src/core/surgery/recipe';
import { EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';
import { replay } from '../../../../src/core/surgery/replay';
import { smallNet } from './sampleGraphs';

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
