import { expect, test } from 'vitest';
import {
  configValue,
  count,
  countedLayers,
  describeLayer,
  sampleShape,
  shortCount,
} from '../../../../webview/editor/model/text';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

test('numbers are grouped, or short with three digits', () => {
  expect(count(23587712)).toBe('23,587,712');
  expect([0, 999, 1000, 23_587_712, 999_900, 4.1e9].map(shortCount)).toEqual([
    '0',
    '999',
    '1 k',
    '23.6 M',
    '1 M',
    '4.1 G',
  ]);
  expect([countedLayers(1), countedLayers(3)]).toEqual(['1 layer', '3 layers']);
});

test('shapes are of one sample', () => {
  expect(sampleShape([null, 28, 28, 16])).toBe('28×28×16');
  expect(sampleShape([null, null, null, 3])).toBe('?×?×3');
  expect(sampleShape([null])).toBe('scalar');
  expect(sampleShape(null)).toBe('unknown');
});

test('values of a configuration are short', () => {
  expect([[3, 3], 'same', null, true, { kind: 'GlorotUniform', config: {} }].map(configValue)).toEqual([
    '[3, 3]',
    'same',
    'none',
    'true',
    'GlorotUniform',
  ]);
});

test('a layer is described with everything that its card shows', () => {
  const host = new EditorHost(residualNet([1], 5));
  host.answer({
    type: 'edit',
    edit: { type: 'freeze', rules: [{ match: { names: ['conv1_conv', 'conv1_relu'] } }] },
  });
  const said = new Map(host.model().layers.map((layer) => [layer.name, describeLayer(layer)]));
  expect(said.get('images')).toBe('InputLayer images, output 64×64×3, model input');
  expect(said.get('conv1_conv')).toBe('Conv2D conv1_conv, output 64×64×16, 432 parameters, frozen');
  // Without weights there is nothing to freeze.
  expect(said.get('conv1_relu')).toBe('Activation conv1_relu, output 64×64×16');
  expect(said.get('predictions')).toBe('Dense predictions, output 5, 85 parameters, model output');
});
