import { expect, test } from 'vitest';
import { layersById } from '../../../src/core/graph/lookup';
import type { TensorRef } from '../../../src/core/graph/layerGraph';
import { readKerasGraph } from '../../../src/formats/keras/readGraph';

const input = (name: string, units: number) => ({
  module: 'keras.layers',
  class_name: 'InputLayer',
  config: { name, batch_shape: [null, units], dtype: 'float32' },
  name,
  inbound_nodes: [],
});

const tensor = (name: string, output = 0, units = 4) => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, units], dtype: 'float32', keras_history: [name, 0, output] },
});

const dense = (name: string, of: string, units: number) => ({
  module: 'keras.layers',
  class_name: 'Dense',
  config: { name, units, activation: 'linear', use_bias: true },
  name,
  inbound_nodes: [{ args: [tensor(of)], kwargs: {} }],
});

function read(
  layers: readonly object[],
  input_layers: unknown,
  output_layers: unknown,
): ReturnType<typeof readKerasGraph> {
  return readKerasGraph({
    class_name: 'Functional',
    config: { name: 'model', layers, input_layers, output_layers },
  });
}

function namesOf({ graph }: ReturnType<typeof readKerasGraph>, tensors: readonly TensorRef[]) {
  const byId = layersById(graph);
  return tensors.map(({ layer }) => byId.get(layer)!.name);
}

test('inputs and outputs in dictionaries are in the order of their keys, in lists as they stand', () => {
  const model = read(
    [input('z', 3), input('a', 4), input('m', 2), dense('one', 'z', 2), dense('two', 'a', 2)],
    [['m', 0, 0], { z: ['z', 0, 0], a: ['a', 0, 0] }],
    { later: [['two', 0, 0]], first: { y: ['one', 0, 0], x: ['two', 0, 0] } },
  );
  expect(namesOf(model, model.graph.inputs)).toEqual(['m', 'a', 'z']);
  expect(namesOf(model, model.graph.outputs)).toEqual(['two', 'one', 'two']);
});

test('a model inside takes and gives tensors by the order of keys, however its calls write them', () => {
  const inside = {
    module: 'keras.models',
    class_name: 'Functional',
    name: 'inside',
    config: {
      name: 'inside',
      layers: [input('q', 3), input('p', 4), dense('s', 'p', 3), dense('r', 'q', 4)],
      input_layers: { q: ['q', 0, 0], p: ['p', 0, 0] },
      output_layers: { s: ['s', 0, 0], r: ['r', 0, 0] },
    },
    inbound_nodes: [
      { args: [{ q: tensor('x', 0, 3), p: tensor('y') }], kwargs: { mask: { q: null, p: null } } },
    ],
  };
  const model = read(
    [input('x', 3), input('y', 4), inside],
    [
      ['x', 0, 0],
      ['y', 0, 0],
    ],
    [
      ['inside', 1, 1],
      ['inside', 1, 0],
    ],
  );
  expect(namesOf(model, model.graph.outputs)).toEqual(['s', 'r']);
  const inputsOf = (name: string) =>
    namesOf(model, model.graph.layers.find((layer) => layer.name === name)!.calls[0]!.inputs);
  expect(inputsOf('s')).toEqual(['y']);
  expect(inputsOf('r')).toEqual(['x']);
  expect(model.report).toEqual([]);
});
