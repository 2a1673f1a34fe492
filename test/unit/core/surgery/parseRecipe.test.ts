import { expect, test } from 'vitest';
import { parseRecipe } from '../../../../src/core/surgery/parseRecipe';
import { failureOf } from './sampleGraphs';

test('reads the recipe of the design, defaults filled in', () => {
  const recipe = {
    version: 1,
    base: { path: 'mobilenet_v2.h5', sha256: 'a'.repeat(64), bytes: 14536120 },
    operations: [
      { op: 'cut', after: 'out_relu' },
      { op: 'append', after: 'out_relu', layers: [{ kind: 'Dense', config: { units: 5 } }] },
      { op: 'insert', between: ['a', 'b'], layers: [{ kind: 'ReLU' }] },
      { op: 'reinitialize', layers: ['a'] },
      { op: 'replace', layer: 'a', with: { kind: 'ReLU' } },
      { op: 'inputShape', shape: [null, null, 3], input: 'image' },
      { op: 'graft', donor: 'vgg16.h5', from: 'block1_conv1', to: 'block5_pool', after: 'a' },
      {
        op: 'warmStart',
        from: { path: 'vgg16.pth', sha256: 'b'.repeat(64), bytes: 3 },
        map: { a: 'features.0' },
      },
    ],
    freeze: [{ match: { upTo: 'out_relu' } }, { match: { kind: 'BatchNormalization' }, trainable: true }],
  };
  expect(parseRecipe(recipe)).toEqual(recipe);
  expect(parseRecipe({ version: 1 })).toEqual({ version: 1, operations: [], freeze: [] });
});

test.each([
  [{ version: 1, operations: [{ op: 'cut' }] }, 'operations[0].after: is missing, expected text in quotes'],
  [
    { version: 1, operations: [{ op: 'cut', after: 'a', afte: 1 }] },
    'operations[0].afte: no such field; the nearest is "after"',
  ],
  [
    { version: 1, operations: [{ op: 'graft', donor: 'x.h5' }] },
    'operations[0].after: is missing, expected text in quotes',
  ],
  [
    { version: 1, operations: [{ op: 'graft', donor: { path: 'x.h5', sha265: '' }, after: 'a' }] },
    'operations[0].donor.sha265: no such field; the nearest is "sha256"',
  ],
  [
    { version: 1, operations: [{ op: 'warmStart', from: 3 }] },
    'operations[0].from: found 3, expected text in quotes or an object in { }',
  ],
  [
    { version: 1, operations: [{ op: 'inputShape', shape: [0, null, 3] }] },
    'operations[0].shape[0]: found 0, expected a number above 0',
  ],
  [
    { version: 1, operations: [{ op: 'grafd' }] },
    /^operations\[0\]\.op: found "grafd", expected one of "cut", /,
  ],
  [{ version: 1, freeze: [{ match: { regex: 'x'.repeat(2000) } }] }, /^freeze\[0\]\.match/],
  [{ operations: [] }, 'version: is missing, expected one of 1, 2'],
  [{ version: 3 }, 'version: found 3, expected 2; a newer Model Surgery wrote it, update this one'],
])('%j', (json, expected) => {
  const message = failureOf(() => parseRecipe(json)).replace('RECIPE_INVALID: in the recipe, ', '');
  if (typeof expected === 'string') expect(message).toBe(expected);
  else expect(message).toMatch(expected);
});
