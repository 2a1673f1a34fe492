import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { layersById } from '../../../src/core/graph/lookup';
import { kerasOrder } from '../../../src/formats/keras/kerasOrder';
import { readKerasGraph } from '../../../src/formats/keras/readGraph';
import { GraphBuilder } from '../support/graphs';

type Json = Record<string, unknown>;

const input = (name = 'in', shape: unknown = [null, 4]): Json => ({
  class_name: 'InputLayer',
  name,
  config: { name, batch_shape: shape },
  inbound_nodes: [],
});
/** A layer in the listed dialect: an inbound node a call, each of tensors `[layer, call]`. */
const layer = (kind: string, name: string, calls: [string, number][][], config: Json = {}): Json => ({
  class_name: kind,
  name,
  config: { name, ...config },
  inbound_nodes: calls.map((tensors) => tensors.map(([from, call]) => [from, call, 0, {}])),
});
const functional = (layers: Json[], output: [string, number] = [String(layers.at(-1)?.name), 0]): Json => ({
  class_name: 'Functional',
  config: {
    name: 'model',
    layers,
    input_layers: [[layers[0]?.name, 0, 0]],
    output_layers: [[output[0], output[1], 0]],
  },
});
const keras3Tensor = (name: string, call = 0): Json => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 4], dtype: 'float32', keras_history: [name, call, 0] },
});
const keras3 = (kind: string, name: string, nodes: Json[], config: Json = {}): Json => ({
  class_name: kind,
  module: 'keras.layers',
  name,
  config: { name, ...config },
  inbound_nodes: nodes,
});

/** `name(input, input#1) …` a layer, in order. */
function text(json: unknown): string[] {
  const { graph } = readKerasGraph(json);
  const byId = layersById(graph);
  const tensor = (ref: { layer: string; call: number }) =>
    `${byId.get(ref.layer)?.name}${ref.call > 0 ? `#${ref.call}` : ''}`;
  return [
    ...graph.layers.map(
      (item) => `${item.name}${item.calls.map((call) => `(${call.inputs.map(tensor).join(', ')})`).join('')}`,
    ),
    `→ ${graph.outputs.map(tensor).join(', ')}`,
  ];
}

function failure(json: unknown): Failure {
  try {
    readKerasGraph(json);
  } catch (cause) {
    if (cause instanceof Failure) return cause;
    throw cause;
  }
  throw new Error('it did not fail');
}

describe('dialects', () => {
  test('Keras 3: tensors anywhere in args and kwargs, flat inputs and outputs', () => {
    const model = functional([
      input(),
      keras3('ReLU', 'a', [{ args: [keras3Tensor('in')], kwargs: {} }]),
      keras3('Add', 'sum', [{ args: [[keras3Tensor('in'), keras3Tensor('a')]], kwargs: {} }]),
      keras3('Add', 'named', [{ args: [], kwargs: { inputs: [keras3Tensor('sum'), keras3Tensor('a')] } }]),
    ]);
    (model.config as Json).input_layers = ['in', 0, 0];
    (model.config as Json).output_layers = ['named', 0, 0];
    expect(text(model)).toEqual(['in()', 'a(in)', 'sum(in, a)', 'named(sum, a)', '→ named']);
  });

  test('a node of one tensor without its list', () => {
    const model = functional([input(), { ...layer('ReLU', 'a', []), inbound_nodes: [['in', 0, 0]] }]);
    expect(text(model)).toEqual(['in()', 'a(in)', '→ a']);
  });

  test('a Sequential of Keras 2.1 is a bare list, and its input is made from the first layer', () => {
    const json = {
      class_name: 'Sequential',
      config: [
        { class_name: 'Dense', config: { name: 'd', units: 3, batch_input_shape: [null, 5] } },
        { class_name: 'Activation', config: { name: 'act', activation: 'relu' } },
      ],
    };
    expect(text(json)).toEqual(['d_input()', 'd(d_input)', 'act(d)', '→ act']);
    expect(readKerasGraph(json).graph.layers[0]?.config).toMatchObject({ batch_shape: [null, 5] });
  });

  test('a Sequential knows its input from build_input_shape, or from the model it begins with', () => {
    const relu = { class_name: 'ReLU', config: { name: 'r' } };
    const built = {
      class_name: 'Sequential',
      config: { name: 's', layers: [relu], build_input_shape: [null, 7] },
    };
    expect(readKerasGraph(built).graph.layers[0]?.config).toMatchObject({ batch_shape: [null, 7] });
    const backbone = {
      class_name: 'Functional',
      config: { ...(functional([input()]).config as Json), name: 'b' },
    };
    const onTop = { class_name: 'Sequential', config: { name: 's', layers: [backbone, relu] } };
    expect(text(onTop)).toEqual(['b_input()', 'r(b_input)', '→ r']);
    expect(readKerasGraph(onTop).graph.layers[0]?.config).toMatchObject({ batch_shape: [null, 4] });
  });

  test('a Sequential saved before it was built', () => {
    const json = {
      class_name: 'Sequential',
      config: { name: 's', layers: [{ class_name: 'ReLU', config: { name: 'r' } }] },
    };
    expect(failure(json)).toMatchObject({ code: 'MODEL_UNBUILT' });
  });

  test.each([
    ['Keras 2 counts a called model from 1', 1, 1, false],
    ['some versions from 0', 0, 0, false],
    ['Keras 3 from 0 inside and from 1 in its outputs', 0, 1, true],
  ])('%s', (_, inbound, output, isKeras3) => {
    const node = (name: string, call: number) =>
      isKeras3 ? { args: [keras3Tensor(name, call)], kwargs: {} } : [[name, call, 0, {}]];
    const inner = functional([input('x'), layer('ReLU', 'r', [[['x', 0]]])]).config as Json;
    const twice = {
      class_name: 'Functional',
      name: 'inner',
      config: { ...inner, name: 'inner' },
      inbound_nodes: [node('in', 0), node('inner', inbound)],
    };
    expect(text(functional([input(), twice], ['inner', output + 1]))).toEqual(['in()', 'r(in)(r)', '→ r#1']);
  });
});

describe('nested models', () => {
  const named = (name: string, layers: Json[], calls: [string, number][][]): Json => ({
    class_name: 'Functional',
    name,
    config: { ...(functional(layers).config as Json), name },
    inbound_nodes: calls.map((tensors) => tensors.map(([from, call]) => [from, call, 0, {}])),
  });
  const inner = (name: string, calls: [string, number][][], more: Json = {}) =>
    named(name, [input('x'), layer('ReLU', 'r', [[['x', 0]]], more)], calls);

  test('three deep, each called twice', () => {
    const middle = named(
      'middle',
      [input('y'), inner('inner', [[['y', 0]], [['inner', 1]]])],
      [[['in', 0]], [['middle', 1]]],
    );
    (middle.config as Json).output_layers = [['inner', 2, 0]];
    const model = functional([input(), middle], ['middle', 2]);
    expect(text(model)).toEqual(['in()', 'r(in)(r)(r#1)(r#2)', '→ r#3']);
    expect(readKerasGraph(model).graph.layers[1]?.group).toEqual(['middle', 'inner']);
  });

  test('names that meet are led by their models, and the report says so', () => {
    const model = functional([
      input(),
      inner('one', [[['in', 0]]]),
      inner('two', [[['one', 1]]]),
      layer('ReLU', 'r', [[['two', 1]]]),
      layer('ReLU', 'one_r', [[['r', 0]]]),
    ]);
    expect(text(model)).toEqual(['in()', 'one_r_1(in)', 'two_r(one_r_1)', 'r(two_r)', 'one_r(r)', '→ one_r']);
    expect(readKerasGraph(model).report.map(({ code, layer: name }) => `${code} ${name}`)).toEqual([
      'LAYER_RENAMED one_r_1',
      'LAYER_RENAMED two_r',
    ]);
  });

  test('frozen is who is frozen, or in a frozen model', () => {
    const frozen = inner('frozen', [[['in', 0]]]);
    (frozen.config as Json).trainable = false;
    const model = functional([
      input(),
      frozen,
      inner('free', [[['frozen', 1]]]),
      layer('ReLU', 'own', [[['free', 1]]], { trainable: false }),
    ]);
    expect(readKerasGraph(model).graph.layers.map(({ name, trainable }) => [name, trainable])).toEqual([
      ['in', true],
      ['frozen_r', false],
      ['free_r', true],
      ['own', false],
    ]);
  });

  test('a shared model of shared models of shared models is refused before it is unfolded', () => {
    const tenCalls = (name: string): [string, number][][] =>
      Array.from({ length: 10 }, (_, call) => [call === 0 ? ['x', 0] : [name, call]]);
    let layers: Json[] = [input('x'), layer('ReLU', 'r', [[['x', 0]]])];
    for (let level = 0; level < 12; level++)
      layers = [input('x'), named(`m${level}`, layers, tenCalls(`m${level}`))];
    expect(failure(functional(layers, ['m11', 10]))).toMatchObject({ code: 'MODEL_TOO_LARGE' });
  });

  test('models nested without end', () => {
    let json: Json = {
      class_name: 'Sequential',
      config: { name: 'm', layers: [{ class_name: 'ReLU', config: { name: 'r' } }] },
    };
    for (let level = 0; level < 5000; level++)
      json = { class_name: 'Sequential', config: { name: 'm', layers: [json] } };
    expect(failure(json).message).toContain('nested more than 64 deep');
  });
});

describe('layers nobody can compute are kept', () => {
  test.each([
    [
      'a Lambda',
      layer('Lambda', 'odd', [[['in', 0]]], { function: ['4wE=', null, null] }),
      'LAYER_KIND_UNKNOWN',
      'the layer kind Lambda is not known',
    ],
    [
      "somebody's class",
      keras3('Mine', 'odd', [{ args: [keras3Tensor('in')], kwargs: {} }]),
      'LAYER_KIND_UNKNOWN',
      'the layer kind Mine is not known',
    ],
    [
      "somebody's Dense",
      {
        ...keras3('Dense', 'odd', [{ args: [keras3Tensor('in')], kwargs: {} }], { units: 3 }),
        module: 'mine',
      },
      'LAYER_KIND_UNKNOWN',
      'the class mine.Dense is not known',
    ],
    ['a Dense without units', layer('Dense', 'odd', [[['in', 0]]]), 'LAYER_CONFIG_REFUSED', 'units'],
    [
      'a Dense of text',
      layer('Dense', 'odd', [[['in', 0]]], { units: 'many' }),
      'LAYER_CONFIG_REFUSED',
      '"many"',
    ],
  ])('%s', (_, odd, code, reason) => {
    const { graph, report } = readKerasGraph(
      functional([input(), odd, layer('ReLU', 'after', [[['odd', 0]]])]),
    );
    const kept = graph.layers.find((item) => item.name === 'odd')!;
    expect(kept.opaque).toContain(reason);
    expect(kept.config).not.toHaveProperty('name');
    expect(graph.layers).toHaveLength(3);
    expect(report).toHaveLength(1);
    expect(report[0]).toMatchObject({ severity: 'warning', code, layer: 'odd' });
    expect(report[0]!.message).toContain(reason);
  });

  test('call arguments that are not kept are reported; defaults are not', () => {
    const node = (kwargs: Json) => [{ args: [keras3Tensor('in')], kwargs }];
    const { report } = readKerasGraph(
      functional([
        input(),
        keras3('Dropout', 'quiet', node({ training: false, mask: null }), { rate: 0.1 }),
        keras3('Dropout', 'loud', node({ training: true }), { rate: 0.1 }),
        keras3('Odd', 'odd', node({ axis: [1, 2] })),
      ]),
    );
    const ignored = report.filter((fault) => fault.code === 'CALL_ARGUMENT_IGNORED');
    expect(ignored.map((fault) => fault.message.split(',')[0])).toEqual([
      '"loud" is called with training=true',
      '"odd" is called with axis=[1',
    ]);
  });
});

describe('configurations that are no graph', () => {
  const chainOf = (...names: [string, string][]) =>
    functional([input(), ...names.map(([name, from]) => layer('ReLU', name, [[[from, 0]]]))]);

  test.each<[string, unknown, string, string]>([
    ['nothing', null, 'MODEL_CONFIG', 'the model: found null, expected an object'],
    ['no class', { config: {} }, 'MODEL_CONFIG', 'class_name: found nothing, expected text'],
    [
      'no layers',
      { class_name: 'Functional', config: { name: 'm' } },
      'MODEL_CONFIG',
      'layers: found nothing',
    ],
    [
      'an empty Sequential',
      { class_name: 'Sequential', config: { name: 'm', layers: [] } },
      'MODEL_CONFIG',
      'no layers',
    ],
    ['a layer that is text', functional([input(), 'relu' as never]), 'MODEL_CONFIG', 'layer 1: found "relu"'],
    ['a tensor from nowhere', chainOf(['a', 'ghost']), 'MODEL_CONFIG', 'there is no layer "ghost"'],
    [
      'a call that is not made',
      functional([input(), layer('ReLU', 'a', [[['in', 3]]])]),
      'MODEL_CONFIG',
      'layer "in" has 1 call(s), and call 3 is asked for',
    ],
    ['a call of -1', functional([input(), layer('ReLU', 'a', [[['in', -1]]])]), 'MODEL_CONFIG', 'found -1'],
    ['a circle', chainOf(['a', 'b'], ['b', 'a']), 'GRAPH_CYCLE', 'in a circle: "a", "b"'],
    ['a layer on itself', chainOf(['a', 'a']), 'GRAPH_CYCLE', 'in a circle: "a"'],
    ['two of a name', chainOf(['a', 'in'], ['a', 'in']), 'MODEL_CONFIG', 'two layers named "a"'],
    [
      'an output from nowhere',
      functional([input()], ['ghost', 0]),
      'MODEL_CONFIG',
      'there is no layer "ghost"',
    ],
  ])('%s', (_, json, code, message) => {
    const found = failure(json);
    expect(found).toMatchObject({ kind: 'input', code });
    expect(found.message).toContain(message);
  });

  test('a model that feeds itself through its own input', () => {
    const identity = { ...(functional([input('x')]).config as Json), name: 'loop' };
    const loop = {
      class_name: 'Functional',
      name: 'loop',
      config: identity,
      inbound_nodes: [[['loop', 1, 0, {}]]],
    };
    expect(failure(functional([input(), loop], ['loop', 1]))).toMatchObject({ code: 'GRAPH_CYCLE' });
  });

  test('10,000 layers in a row, listed backwards', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) =>
      layer('ReLU', `r${index}`, [[[index === 0 ? 'in' : `r${index - 1}`, 0]]]),
    );
    const { graph } = readKerasGraph(functional([input(), ...rows.reverse()], ['r9999', 0]));
    expect(graph.layers.map((item) => item.name).slice(0, 3)).toEqual(['in', 'r0', 'r1']);
    expect(graph.layers.at(-1)?.name).toBe('r9999');
  });
});

test("Keras's order: by distance to the output, then as a walk back from it meets them", () => {
  const build = new GraphBuilder();
  const x = build.input([null, 4], 'x');
  const unused = build.input([null, 4], 'unused');
  const short = build.add({ kind: 'ReLU', name: 'short' }, x);
  const long = build.add({ kind: 'ReLU', name: 'long2' }, build.add({ kind: 'ReLU', name: 'long1' }, x));
  build.add({ kind: 'ReLU', name: 'dead' }, unused);
  const graph = build.outputs(build.add({ kind: 'Add', name: 'sum' }, short, long));
  expect(kerasOrder(graph).map((item) => item.name)).toEqual([
    'x',
    'long1',
    'short',
    'long2',
    'unused',
    'sum',
  ]);
});
