import { describe, expect, test } from 'vitest';
import { layerNamed } from '../../../../src/core/graph/lookup';
import { applyEdit } from '../../../../src/core/surgery/edit';
import { EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';
import { GraphBuilder } from '../../support/graphs';
import { failureOf, namesOf, operateOn, residualNet, smallNet, untouched, wiring } from './sampleGraphs';

const sources = (graph: ReturnType<typeof smallNet>, name: string) =>
  Object.fromEntries(layerNamed(graph, name).weights.map((weight) => [weight.name, weight.source.from]));

describe('replace', () => {
  test('makes a layer another one in place, and leaves the others alone', () => {
    const net = residualNet();
    const { graph, inference, notes } = operateOn(net, {
      op: 'replace',
      layer: 'out_relu',
      with: { kind: 'Activation', config: { activation: 'tanh' } },
    });
    expect(namesOf(graph)).toEqual(namesOf(net));
    expect(wiring(graph)).toEqual(wiring(net));
    expect(layerNamed(graph, 'out_relu')).toMatchObject({
      kind: 'Activation',
      config: { activation: 'tanh' },
    });
    expect(layerNamed(graph, 'out_relu').id).toBe(layerNamed(net, 'out_relu').id);
    expect(untouched(net, graph)).toEqual(namesOf(net).filter((name) => name !== 'out_relu'));
    expect([inference.faults, notes]).toEqual([[], []]);
  });

  test('keeps the weights whose name, role and shape agree, and says which start anew', () => {
    const same = { filters: 4, kernel_size: 3, padding: 'same' };
    const dilated = { ...same, dilation_rate: 2 };
    const kept = operateOn(smallNet(), {
      op: 'replace',
      layer: 'conv',
      with: { kind: 'Conv2D', config: dilated },
    });
    expect(sources(kept.graph, 'conv')).toEqual({ kernel: 'dataset', bias: 'dataset' });
    expect(kept.notes).toEqual([]);

    const config = { ...same, kernel_size: 5 };
    const wider = operateOn(smallNet(), { op: 'replace', layer: 'conv', with: { kind: 'Conv2D', config } });
    expect(sources(wider.graph, 'conv')).toEqual({ kernel: 'initializer', bias: 'dataset' });
    expect(wider.notes.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'WEIGHTS_REINITIALIZED: "conv" starts anew: its kernel (3, 3, 1, 4) no longer fits',
    ]);
    expect(wider.inference.faults).toEqual([]);
  });

  test('gives the layer another name where one is given, and freeze rules follow', () => {
    const operation = { op: 'replace', layer: 'relu', with: { kind: 'ELU', name: 'elu' } } as const;
    expect(wiring(operateOn(smallNet(), operation).graph)).toMatchObject({ elu: 'bn', pool: 'elu' });
    const { recipe, label } = applyEdit(
      { ...EMPTY_RECIPE, freeze: [{ match: { upTo: 'relu' } }] },
      { type: 'operate', operation },
    );
    expect(label).toBe('Replace relu by elu');
    expect(recipe.freeze).toEqual([{ match: { upTo: 'elu' } }]);
  });

  test('knows a layer that was opaque by its new kind', () => {
    const build = new GraphBuilder();
    const odd = build.add({ kind: 'Swoosh', name: 'odd', opaque: 'not known' }, build.input([null, 4]));
    const net = build.outputs(
      build.add({ kind: 'Dense', name: 'out', config: { units: 2 }, weights: {} }, odd),
    );
    const { graph, inference } = operateOn(net, { op: 'replace', layer: 'odd', with: { kind: 'ReLU' } });
    expect(layerNamed(graph, 'odd').opaque).toBeUndefined();
    expect(sources(graph, 'out')).toEqual({ kernel: 'initializer', bias: 'initializer' });
    expect(inference.faults).toEqual([]);
  });

  test('shows as faults what later layers cannot take', () => {
    const { inference } = operateOn(smallNet(), { op: 'replace', layer: 'relu', with: { kind: 'Flatten' } });
    expect(inference.faults.map(({ code, layer }) => [code, layer])).toEqual([['SHAPE_MISMATCH', 'pool']]);
  });

  test('is refused for inputs, for other numbers of tensors, and for names and kinds that cannot be', () => {
    const refused = (layer: string, kind: string, name?: string) =>
      failureOf(() =>
        operateOn(residualNet(), { op: 'replace', layer, with: { kind, ...(name && { name }) } }),
      );
    expect(refused('image', 'ReLU')).toBe(
      'REPLACE_INPUT: "image" reads nothing, expected a layer between others on both sides; ' +
        "an input's shape is changed with inputShape",
    );
    expect(refused('gap', 'InputLayer')).toMatch(/^REPLACE_INPUT: InputLayer reads nothing/);
    expect(refused('add', 'ReLU')).toBe('REPLACE_ARITY: "add" is fed 2 tensors, and ReLU takes 1');
    expect(refused('gap', 'Subtract')).toBe('REPLACE_ARITY: "gap" is fed 1 tensor, and Subtract takes 2');
    expect(refused('gapp', 'ReLU')).toMatch(/^LAYER_UNKNOWN/);
    expect(refused('gap', 'ReLUU')).toMatch(/^KIND_UNKNOWN/);
    expect(refused('gap', 'Flatten', 'conv')).toMatch(/^NAME_TAKEN/);
    expect(refused('gap', 'Flatten', 'a/b')).toMatch(/^NAME_INVALID/);
  });

  test('is refused where others read what the layer would make no more', () => {
    const build = new GraphBuilder();
    const states = build.add(
      { kind: 'LSTM', name: 'encoder', config: { units: 3, return_state: true } },
      build.input([null, 5, 2]),
    );
    const net = build.outputs(build.add({ kind: 'ReLU', name: 'cell' }, { ...states, output: 2 }));
    const why = '"encoder" would make 1 tensor, and "cell" reads number 3; cut what reads it away first';
    expect(
      failureOf(() =>
        operateOn(net, { op: 'replace', layer: 'encoder', with: { kind: 'LSTM', config: { units: 3 } } }),
      ),
    ).toBe(`OUTPUT_MISSING: ${why}`);
    expect(
      failureOf(() => operateOn(net, { op: 'configure', layer: 'encoder', config: { return_state: false } })),
    ).toBe(`OUTPUT_MISSING: ${why}`);
  });
});
