import { describe, expect, test } from 'vitest';
import { shapeOf } from '../../../../src/core/graph/infer';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { layerNamed } from '../../../../src/core/graph/lookup';
import { GraphBuilder } from '../../support/graphs';
import {
  failureOf,
  namesOf,
  operateOn,
  outputNames,
  residualNet,
  siameseNet,
  smallNet,
  untouched,
  wiring,
} from './sampleGraphs';

const outputShape = ({ graph, inference }: ReturnType<typeof operateOn>) =>
  shapeOf(inference, graph.outputs[0]!);
const weightShapes = (graph: LayerGraph, name: string) =>
  Object.fromEntries(layerNamed(graph, name).weights.map((weight) => [weight.name, weight.shape]));

describe('cut', () => {
  test('keeps everything up to the layer, which becomes the output', () => {
    const net = smallNet();
    const { graph, inference } = operateOn(net, { op: 'cut', after: 'relu' });
    expect(namesOf(graph)).toEqual(['input_layer', 'conv', 'bn', 'relu']);
    expect(outputNames(graph)).toEqual(['relu']);
    expect(untouched(net, graph)).toEqual(namesOf(graph));
    expect(inference.faults).toEqual([]);
  });

  test('drops the branches that fed only what went', () => {
    const { graph } = operateOn(residualNet(), { op: 'cut', after: 'conv' });
    expect(namesOf(graph)).toEqual(['image', 'stem', 'conv']);
  });

  test('leaves an output of another branch alone', () => {
    const build = new GraphBuilder();
    const trunk = build.add({ kind: 'Dense', name: 'trunk', config: { units: 4 } }, build.input([null, 4]));
    const a = build.add({ kind: 'Dense', name: 'a', config: { units: 2 } }, trunk);
    const a2 = build.add({ kind: 'Softmax', name: 'a2' }, a);
    const b = build.add({ kind: 'Dense', name: 'b', config: { units: 3 } }, trunk);
    const { graph } = operateOn(build.outputs(a2, b), { op: 'cut', after: 'a' });
    expect(outputNames(graph)).toEqual(['a', 'b']);
    expect(namesOf(graph)).not.toContain('a2');
  });

  test('drops the calls of a shared layer that reach no output', () => {
    const build = new GraphBuilder();
    const [left, right] = [build.input([null, 4], 'left'), build.input([null, 4], 'right')];
    const first = build.add({ kind: 'Dense', name: 'encoder', config: { units: 4 } }, left);
    const second = build.call(first, right);
    const tail = build.add({ kind: 'ReLU', name: 'tail' }, second);
    const { graph } = operateOn(build.outputs(build.add('Add', first, tail)), { op: 'cut', after: 'tail' });
    expect(wiring(graph)).toEqual({ right: '', encoder: 'right', tail: 'encoder' });
    expect(graph.inputs).toHaveLength(1);
  });

  test('is refused where nothing would go, or the layer is not there', () => {
    expect(failureOf(() => operateOn(smallNet(), { op: 'cut', after: 'dense' }))).toBe(
      'CUT_NOTHING: nothing hangs after "dense": it is the output already',
    );
    const once = operateOn(smallNet(), { op: 'cut', after: 'relu' }).graph;
    expect(failureOf(() => operateOn(once, { op: 'cut', after: 'relu' }))).toMatch(/^CUT_NOTHING/);
    expect(failureOf(() => operateOn(smallNet(), { op: 'cut', after: 'rellu' }))).toBe(
      'LAYER_UNKNOWN: no layer is named "rellu"; the nearest is "relu"',
    );
    expect(failureOf(() => operateOn(siameseNet(), { op: 'cut', after: 'encoder' }))).toMatch(
      /^LAYER_AMBIGUOUS: "encoder" is used 2 times/,
    );
  });
});

describe('remove', () => {
  test('joins the neighbours of a layer with one input', () => {
    const net = smallNet();
    const { graph, inference } = operateOn(net, { op: 'remove', layers: ['bn', 'relu'] });
    expect(wiring(graph).pool).toBe('conv');
    expect(untouched(net, graph)).toEqual(['input_layer', 'conv', 'flatten', 'dense']);
    expect(inference.faults).toEqual([]);
  });

  test("makes the output layer's input the output", () => {
    const { graph } = operateOn(smallNet(), { op: 'remove', layers: ['dense'] });
    expect(outputNames(graph)).toEqual(['flatten']);
  });

  test('takes a merge out with all its branches but one', () => {
    const { graph } = operateOn(residualNet(), { op: 'remove', layers: ['conv', 'bn', 'add'] });
    expect(wiring(graph).out_relu).toBe('stem');
  });

  test('does not choose between the branches of a merge', () => {
    expect(failureOf(() => operateOn(residualNet(), { op: 'remove', layers: ['add'] }))).toBe(
      'REMOVE_AMBIGUOUS: "add" merges "stem" and "bn": without it "out_relu" has 2 tensors to read where it read one; ' +
        'remove its whole block after "stem" ("conv", "bn" too), or remove the layers of all branches but one with it',
    );
    expect(failureOf(() => operateOn(residualNet(), { op: 'remove', layers: ['add', 'bn'] }))).toMatch(
      /remove its whole block after "stem" \("conv" too\)/,
    );
    const build = new GraphBuilder();
    const apart = build.add(
      { kind: 'Add', name: 'sum' },
      build.input([null, 4], 'a'),
      build.input([null, 4], 'b'),
    );
    const net = build.outputs(build.add({ kind: 'ReLU', name: 'out' }, apart));
    expect(failureOf(() => operateOn(net, { op: 'remove', layers: ['sum'] }))).toMatch(
      /merges "a" and "b": .*; remove the layers of all branches but one with it$/,
    );
  });

  test('bypasses each call of a shared layer on its own', () => {
    const { graph } = operateOn(siameseNet(), { op: 'remove', layers: ['score'] });
    expect(outputNames(graph)).toEqual(['apart']);
  });

  test('is refused where trained weights would no longer fit, with both shapes', () => {
    expect(failureOf(() => operateOn(smallNet(), { op: 'remove', layers: ['pool'] }))).toBe(
      'REMOVE_MISFIT: without "pool" "dense" would be fed (None, 256), expected (None, 64): ' +
        'its trained kernel (64, 10) would not fit; remove it too, or cut and append',
    );
    expect(failureOf(() => operateOn(smallNet(), { op: 'remove', layers: ['conv'] }))).toMatch(
      /^REMOVE_MISFIT: without "conv" "bn" would be fed \(None, 8, 8, 1\), expected \(None, 8, 8, 4\)/,
    );
  });

  test('is refused where a neighbour cannot take the shape at all', () => {
    expect(failureOf(() => operateOn(residualNet(), { op: 'remove', layers: ['stem'] }))).toMatch(
      /^REMOVE_MISFIT: without "stem" "add" would be fed \(None, 8, 8, 3\) and \(None, 8, 8, 4\), expected \(None, 8, 8, 4\) and \(None, 8, 8, 4\): /,
    );
  });

  test('lets layers that the recipe added follow the new shape', () => {
    const head = operateOn(operateOn(smallNet(), { op: 'cut', after: 'pool' }).graph, {
      op: 'append',
      after: 'pool',
      layers: [{ kind: 'Flatten' }, { kind: 'Dense', name: 'new', config: { units: 5 } }],
    }).graph;
    expect(weightShapes(head, 'new').kernel).toEqual([64, 5]);
    const { graph, notes } = operateOn(head, { op: 'remove', layers: ['pool'] });
    expect(weightShapes(graph, 'new').kernel).toEqual([256, 5]);
    expect(notes).toEqual([]);
  });

  test('keeps inputs, and at least one layer', () => {
    expect(failureOf(() => operateOn(smallNet(), { op: 'remove', layers: ['input_layer'] }))).toMatch(
      /^REMOVE_INPUT/,
    );
    const rest = ['conv', 'bn', 'relu', 'pool', 'flatten', 'dense'];
    expect(failureOf(() => operateOn(smallNet(), { op: 'remove', layers: rest }))).toMatch(/^REMOVE_ALL/);
  });
});

describe('append', () => {
  const layers = [
    { kind: 'GlobalAveragePooling2D' },
    { kind: 'Dense', config: { units: 5, activation: 'softmax' } },
  ];

  test('hangs a chain on the output, named and seeded from the names', () => {
    const cut = operateOn(smallNet(), { op: 'cut', after: 'relu' }).graph;
    const after = operateOn(cut, { op: 'append', after: 'relu', layers });
    expect(namesOf(after.graph).slice(-2)).toEqual(['global_average_pooling2d', 'dense']);
    expect(outputNames(after.graph)).toEqual(['dense']);
    expect(outputShape(after)).toEqual([null, 5]);
    expect(untouched(cut, after.graph)).toEqual(namesOf(cut));
    expect(after.notes).toEqual([]);
    expect(layerNamed(after.graph, 'dense')).toMatchObject({ trainable: true, group: [] });
    expect(layerNamed(after.graph, 'dense').weights).toMatchObject([
      {
        name: 'kernel',
        shape: [4, 5],
        role: 'parameter',
        source: { from: 'initializer', initializer: { kind: 'GlorotUniform' } },
      },
      { name: 'bias', shape: [5], source: { from: 'initializer', initializer: { kind: 'Zeros' } } },
    ]);
    const again = operateOn(cut, { op: 'append', after: 'relu', layers });
    expect(again.graph).toEqual(after.graph);
  });

  test('counts names up as Keras does', () => {
    const { graph } = operateOn(smallNet(), {
      op: 'append',
      after: 'dense',
      layers: [
        { kind: 'Dense', config: { units: 2 } },
        { kind: 'Dense', config: { units: 2 } },
        { kind: 'ReLU' },
      ],
    });
    expect(namesOf(graph).slice(-3)).toEqual(['dense_1', 'dense_2', 're_lu']);
    const seeds = graph.layers.slice(-3).flatMap((layer) => layer.weights.map(({ source }) => source));
    expect(new Set(seeds.map((source) => source.from === 'initializer' && source.seed)).size).toBe(4);
  });

  test('in the middle, takes the place of the old head and says so', () => {
    const { graph, notes } = operateOn(smallNet(), { op: 'append', after: 'relu', layers });
    expect(namesOf(graph)).toEqual([
      'input_layer',
      'conv',
      'bn',
      'relu',
      'global_average_pooling2d',
      'dense_1',
    ]);
    expect(notes.map((note) => note.message)).toEqual([
      'appending after "relu" left pool, flatten, dense without an output: dropped',
    ]);
  });

  test('shows a shape that does not fit as a fault, and mends the weights once it fits', () => {
    const cut = operateOn(smallNet(), { op: 'cut', after: 'flatten' }).graph;
    const wrong = operateOn(cut, {
      op: 'append',
      after: 'flatten',
      layers: [
        { kind: 'Conv2D', name: 'late', config: { filters: 2, kernel_size: 1 } },
        { kind: 'Flatten' },
        { kind: 'Dense', name: 'out', config: { units: 3 } },
      ],
    });
    expect(wrong.inference.faults).toMatchObject([
      { severity: 'error', layer: 'late', code: 'SHAPE_MISMATCH' },
    ]);
    expect(layerNamed(wrong.graph, 'out').weights).toEqual([]);
    const mended = operateOn(wrong.graph, { op: 'remove', layers: ['flatten'] });
    expect(mended.inference.faults).toEqual([]);
    expect(weightShapes(mended.graph, 'late').kernel).toEqual([1, 1, 4, 2]);
    expect(weightShapes(mended.graph, 'out').kernel).toEqual([32, 3]);
  });

  test.each([
    [
      'an unknown kind',
      { kind: 'Dens' },
      'KIND_UNKNOWN: "dens": no kind of layer is named "Dens"; the nearest is "Dense"',
    ],
    [
      'a taken name',
      { kind: 'ReLU', name: 'conv' },
      'NAME_TAKEN: a layer is named "conv" already; names are unique',
    ],
    ['a name Keras refuses', { kind: 'ReLU', name: 'a/b' }, /^NAME_INVALID: "a\/b"/],
    ['a missing field', { kind: 'Dense', name: 'out' }, /^CONFIG_INVALID: layer "out" \(Dense\): units: /],
    [
      'a bad value',
      { kind: 'Dense', name: 'out', config: { units: -1 } },
      /^CONFIG_INVALID: .*units: found -1, expected/,
    ],
    [
      'a misspelt field',
      { kind: 'Dense', name: 'out', config: { units: 1, use_bais: false } },
      /^CONFIG_INVALID: .*use_bais/,
    ],
    [
      'a field that layers ignore',
      { kind: 'Dense', name: 'out', config: { units: 1, trainable: false } },
      /^CONFIG_INVALID: .*"trainable"/,
    ],
    ['a merge', { kind: 'Add', name: 'sum' }, /^KIND_NOT_CHAINABLE: "sum": .* and Add merges several/],
    [
      'an input',
      { kind: 'InputLayer', config: { batch_shape: [null, 3] } },
      /^KIND_NOT_CHAINABLE: .* and InputLayer takes none/,
    ],
  ])('refuses %s', (_, layer, expected) => {
    const message = failureOf(() => operateOn(smallNet(), { op: 'append', after: 'dense', layers: [layer] }));
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });
});

describe('insert', () => {
  const layers = [{ kind: 'Dropout', name: 'drop', config: { rate: 0.5 } }];

  test('goes between two layers and leaves the other readers alone', () => {
    const net = residualNet();
    const { graph, inference } = operateOn(net, { op: 'insert', between: ['stem', 'conv'], layers });
    expect(wiring(graph)).toMatchObject({ drop: 'stem', conv: 'drop', add: 'stem+bn' });
    expect(namesOf(graph).indexOf('drop')).toBe(namesOf(graph).indexOf('conv') - 1);
    expect(untouched(net, graph)).toEqual(namesOf(net).filter((name) => name !== 'conv'));
    expect(inference.faults).toEqual([]);
  });

  test('is of the innermost group that both neighbours are in', () => {
    const groups: Readonly<Record<string, readonly string[]>> = {
      stem: ['backbone', 'a'],
      conv: ['backbone', 'b'],
      bn: ['backbone', 'b'],
    };
    const net = residualNet();
    const grouped = {
      ...net,
      layers: net.layers.map((layer) => ({ ...layer, group: groups[layer.name] ?? [] })),
    };
    const groupBetween = (...between: [string, string]) =>
      layerNamed(operateOn(grouped, { op: 'insert', between, layers }).graph, 'drop').group;
    expect(groupBetween('conv', 'bn')).toEqual(['backbone', 'b']);
    expect(groupBetween('stem', 'conv')).toEqual(['backbone']);
    expect(groupBetween('bn', 'add')).toEqual([]);
  });

  test('is refused between layers that are not neighbours', () => {
    expect(
      failureOf(() => operateOn(residualNet(), { op: 'insert', between: ['conv', 'add'], layers })),
    ).toBe('INSERT_APART: "add" does not read "conv"; expected a layer that it reads: "stem", "bn"');
  });
});

describe('rename', () => {
  test('keeps the id, the weights and everything else', () => {
    const net = smallNet();
    const { graph } = operateOn(net, { op: 'rename', layer: 'conv', to: 'conv1' });
    expect({ ...layerNamed(graph, 'conv1'), name: 'conv' }).toEqual(layerNamed(net, 'conv'));
    expect(untouched(net, graph)).toHaveLength(6);
  });

  test('keeps names unique', () => {
    expect(failureOf(() => operateOn(smallNet(), { op: 'rename', layer: 'conv', to: 'bn' }))).toMatch(
      /^NAME_TAKEN/,
    );
    expect(failureOf(() => operateOn(smallNet(), { op: 'rename', layer: 'conv', to: ' x' }))).toMatch(
      /^NAME_INVALID/,
    );
  });
});

describe('configure', () => {
  test('changes a field and keeps the weights that still fit', () => {
    const net = smallNet();
    const { graph, notes } = operateOn(net, {
      op: 'configure',
      layer: 'dense',
      config: { activation: 'linear' },
    });
    expect(layerNamed(graph, 'dense').config).toMatchObject({ units: 10, activation: 'linear' });
    expect(layerNamed(graph, 'dense').weights).toEqual(layerNamed(net, 'dense').weights);
    expect(notes).toEqual([]);
  });

  test('creates weights of new shapes anew, here and after it, and says which', () => {
    const { graph, inference, notes } = operateOn(smallNet(), {
      op: 'configure',
      layer: 'conv',
      config: { filters: 6 },
    });
    expect(inference.faults).toEqual([]);
    expect(weightShapes(graph, 'conv')).toEqual({ kernel: [3, 3, 1, 6], bias: [6] });
    expect(weightShapes(graph, 'dense')).toEqual({ kernel: [96, 10], bias: [10] });
    const dense = layerNamed(graph, 'dense').weights;
    expect(dense.map(({ source }) => source.from)).toEqual(['initializer', 'dataset']);
    expect(notes.map((note) => note.message)).toEqual([
      '"conv" starts anew: its kernel (3, 3, 1, 4), bias (4,) no longer fit',
      '"bn" starts anew: its gamma (4,), beta (4,), moving_mean (4,), moving_variance (4,) no longer fit',
      '"dense" starts anew: its kernel (64, 10) no longer fits',
    ]);
  });

  test('names a bad field', () => {
    const configure = (config: Record<string, unknown>) =>
      failureOf(() => operateOn(smallNet(), { op: 'configure', layer: 'dense', config }));
    expect(configure({ unit: 5 })).toMatch(/^CONFIG_INVALID: layer "dense" \(Dense\): unit/);
    expect(configure({ output_dim: 5 })).toMatch(
      /^CONFIG_INVALID: layer "dense" \(Dense\): found the field "output_dim"/,
    );
    expect(configure({ activation: 'softmaks' })).toMatch(/^CONFIG_INVALID: .*activation/);
  });

  test('is refused for a kind that nobody knows', () => {
    const build = new GraphBuilder();
    const odd = build.add({ kind: 'Odd', name: 'odd', opaque: 'unknown kind' }, build.input([null, 2]));
    expect(
      failureOf(() => operateOn(build.outputs(odd), { op: 'configure', layer: 'odd', config: {} })),
    ).toMatch(/^KIND_UNKNOWN: "odd"/);
  });
});

describe('reinitialize', () => {
  test('starts the weights of the layers anew, and of no other', () => {
    const net = smallNet();
    const { graph, notes } = operateOn(net, { op: 'reinitialize', layers: ['bn', 'dense'] });
    expect(untouched(net, graph)).toEqual(namesOf(net).filter((name) => name !== 'bn' && name !== 'dense'));
    expect(weightShapes(graph, 'dense')).toEqual(weightShapes(net, 'dense'));
    expect(layerNamed(graph, 'bn').weights).toMatchObject([
      { name: 'gamma', source: { initializer: { kind: 'Ones' } } },
      { name: 'beta', source: { initializer: { kind: 'Zeros' } } },
      { name: 'moving_mean', role: 'statistic', source: { initializer: { kind: 'Zeros' } } },
      { name: 'moving_variance', role: 'statistic', source: { initializer: { kind: 'Ones' } } },
    ]);
    expect(notes).toEqual([]);
  });
});
