import { expect, test } from 'vitest';
import type { JsonRecord } from '../../../src/formats/keras/json';
import { layerForOperation } from '../../../src/formats/keras/operationLayers';
import type { Operand } from '../../../src/formats/keras/operations';

const tensor = (shape?: readonly (number | null)[]): Operand => ({
  tensor: { layer: 'x', call: 0, output: 0 },
  ...(shape && { shape }),
});

const layer = (name: string, config: JsonRecord, ...more: readonly Operand[]) =>
  layerForOperation(name, config, [tensor([null, 3, 4]), ...more]);

const WHOLE = { class_name: '__slice__', config: { start: null, stop: null, step: null } };
const REST = { class_name: '__ellipsis__', config: {} };
const PART = { class_name: '__slice__', config: { start: 1, stop: null, step: null } };
const index = (...places: readonly unknown[]): Operand => ({ other: places });

test('moves are places along an axis, or an order of axes', () => {
  expect(layer('Repeat', { repeats: 2, axis: 1 })).toEqual({
    kind: 'Take',
    config: { indices: [0, 0, 1, 1, 2, 2], axis: 1 },
  });
  expect(layer('Roll', { shift: -5, axis: 1 })).toMatchObject({ config: { indices: [2, 0, 1] } });
  expect(layer('Moveaxis', { source: 0, destination: -1 })).toEqual({
    kind: 'Transpose',
    config: { axes: [1, 2, 0] },
  });
  expect(layer('Swapaxes', { axis1: -1, axis2: 1 })).toEqual({ kind: 'Permute', config: { dims: [2, 1] } });
  expect(layer('GetItem', {}, index(REST, null, WHOLE))).toEqual({
    kind: 'ExpandDims',
    config: { axis: -2 },
  });
});

test.each<[string, JsonRecord, readonly Operand[]]>([
  ['Repeat', { repeats: 1e12, axis: 1 }, []],
  ['Repeat', { repeats: [1, 2], axis: 1 }, []],
  ['Repeat', { repeats: -1, axis: 1 }, []],
  ['Repeat', { repeats: 2, axis: 0 }, []],
  ['Repeat', { repeats: 2, axis: null }, []],
  ['Repeat', { repeats: 2, axis: 3 }, []],
  ['Roll', { shift: [1, 2], axis: [0, 1] }, []],
  ['Flip', { axis: 3 }, []],
  ['Flip', { axis: [1, 1] }, []],
  ['Swapaxes', { axis1: 1, axis2: 9 }, []],
  ['Moveaxis', { source: [0, 1], destination: 0 }, []],
  ['Take', { axis: 1e9 }, [{ number: 0 }]],
  ['Take', { axis: null }, [{ number: 0 }]],
  ['GetItem', {}, [index(PART, null)]],
  ['GetItem', {}, [index(null, WHOLE, null)]],
  ['GetItem', {}, [index(REST, null, REST)]],
  ['GetItem', {}, [index(REST, null, WHOLE, WHOLE, WHOLE, WHOLE)]],
])('%s of %j is left to people', (name, config, more) => {
  expect(layer(name, config, ...more)).toHaveProperty('opaque', expect.any(String));
});

test('without a known shape nothing is known of axes from the end', () => {
  for (const [name, config] of [
    ['Flip', { axis: -1 }],
    ['Swapaxes', { axis1: 1, axis2: 2 }],
    ['Transpose', { axes: null }],
  ] as const) {
    expect(layerForOperation(name, config, [tensor()])).toHaveProperty('opaque', expect.any(String));
  }
});
