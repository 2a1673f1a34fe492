import { describe, expect, it } from 'vitest';
import { inferShapes, shapeOf } from '../../../../src/core/graph/infer';
import type { LayerConfig, LayerGraph } from '../../../../src/core/graph/layerGraph';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';
import { chain, GraphBuilder, type LayerSketch } from '../../support/graphs';

/** A sketch with its configuration in normal form, as readers and operations leave it. */
function layer(
  kind: string,
  config: LayerConfig = {},
  more: Omit<LayerSketch, 'kind' | 'config'> = {},
): LayerSketch {
  return { kind, config: normalizeConfig(kindNamed(kind)!, config), ...more };
}

const shapesByName = (graph: LayerGraph) => {
  const { shapes } = inferShapes(graph);
  return Object.fromEntries(
    graph.layers.map(({ id, name }) => [name, shapes.get(id)?.map((call) => call?.[0])]),
  );
};

const conv = (filters: number, input: number): LayerSketch =>
  layer(
    'Conv2D',
    { filters, kernel_size: 3 },
    { weights: { kernel: [3, 3, input, filters], bias: [filters] } },
  );

describe('inferShapes', () => {
  it('goes from the inputs on', () => {
    const graph = chain([null, 8, 8, 1], conv(4, 1), layer('MaxPooling2D'), layer('Flatten'));
    expect(inferShapes(graph).faults).toEqual([]);
    expect(shapesByName(graph)).toEqual({
      input_layer: [[null, 8, 8, 1]],
      conv2d: [[null, 6, 6, 4]],
      max_pooling2d: [[null, 3, 3, 4]],
      flatten: [[null, 36]],
    });
  });

  it('gives each call of a shared layer its own shape and sums their operations', () => {
    const build = new GraphBuilder();
    const shared = build.add(conv(4, 1), build.input([null, 8, 8, 1], 'left'));
    const again = build.call(shared, build.input([null, 6, 6, 1], 'right'));
    const graph = build.outputs(shared, again);
    const inference = inferShapes(graph);
    expect(shapeOf(inference, shared)).toEqual([null, 6, 6, 4]);
    expect(shapeOf(inference, again)).toEqual([null, 4, 4, 4]);
    expect(inference.flops.get(shared.layer)).toBe((36 + 16) * 4 * (2 * 9 + 1));
  });

  it('follows a layer whose second call reads what its first call fed', () => {
    const build = new GraphBuilder();
    const first = build.add(layer('ReLU'), build.input([null, 5]));
    const between = build.add(layer('Flatten'), first);
    const second = build.call(first, between);
    expect(shapeOf(inferShapes(build.outputs(second)), second)).toEqual([null, 5]);
  });

  it('reports a mismatch once and leaves what follows unknown', () => {
    const graph = chain(
      [null, 8, 8, 1],
      layer('GlobalAveragePooling2D'),
      layer('MaxPooling2D', {}, { name: 'pool' }),
      layer('Flatten'),
      layer('Dense', { units: 2 }, { weights: { kernel: [9, 2], bias: [2] } }),
    );
    expect(inferShapes(graph).faults).toEqual([
      {
        severity: 'error',
        code: 'SHAPE_MISMATCH',
        layer: 'pool',
        message:
          '"pool" (MaxPooling2D): found (None, 1), expected (batch, height, width, channels); ' +
          'put it before the layer that flattens or pools to a vector',
        found: '(None, 1)',
        expected:
          '(batch, height, width, channels); put it before the layer that flattens or pools to a vector',
      },
    ]);
    expect(shapesByName(graph)).toMatchObject({
      pool: [undefined],
      flatten: [undefined],
      dense: [undefined],
    });
  });

  it('sees through nothing opaque, and blames nobody for it', () => {
    const odd: LayerSketch = { kind: 'Lambda', opaque: 'nobody knows what it computes' };
    const refused: LayerSketch = { kind: 'Dense', opaque: 'its units are -3', config: { units: -3 } };
    for (const sketch of [odd, refused]) {
      const graph = chain([null, 4], { ...sketch, name: 'odd' }, layer('ReLU'));
      expect(inferShapes(graph).faults).toEqual([]);
      expect(shapesByName(graph)).toEqual({ input_layer: [[null, 4]], odd: [undefined], re_lu: [undefined] });
    }
  });

  it('compares the weights that a layer has with those that it needs', () => {
    const dense = (weights: LayerSketch['weights']) =>
      inferShapes(chain([null, 4], layer('Dense', { units: 2 }, { name: 'd', weights }))).faults.map(
        ({ code, found, expected }) => [code, found, expected],
      );
    expect(dense({ kernel: [4, 2], bias: [2] })).toEqual([]);
    expect(dense({ bias: [2], kernel: [4, 2] })).toEqual([]);
    expect(dense({ kernel: [5, 2], bias: [2] })).toEqual([
      ['WEIGHT_SHAPE', '(5, 2)', '(4, 2), to fit its input'],
    ]);
    expect(dense({ kernel: [4, 2] })).toEqual([['WEIGHT_MISSING', 'none', '(2,)']]);
    expect(dense({ kernel: [4, 2], bias: [2], gate: [2] })).toEqual([
      ['WEIGHT_UNEXPECTED', '(2,)', 'no such weight in this kind'],
    ]);
  });

  it('holds every call of a shared layer to the weights they share, and says a fault once', () => {
    const faultsOf = (weights: LayerSketch['weights'], ...features: readonly number[]) => {
      const build = new GraphBuilder();
      const shared = layer('Dense', { units: 2, use_bias: false }, { name: 'shared', weights });
      const [first, ...others] = features.map((size) => build.input([null, size]));
      const output = build.add(shared, first);
      for (const other of others) build.call(output, other);
      return inferShapes(build.outputs(output)).faults.map(({ code, expected }) => [code, expected]);
    };
    expect(faultsOf({ kernel: [4, 2] }, 4, 4)).toEqual([]);
    expect(faultsOf({ kernel: [4, 2] }, 4, 5)).toEqual([['WEIGHT_SHAPE', '(5, 2), to fit its input']]);
    expect(faultsOf({ kernel: [4, 2] }, 5, 5)).toEqual([['WEIGHT_SHAPE', '(5, 2), to fit its input']]);
  });

  it('keeps the output of a layer whose weights do not fit', () => {
    const graph = chain(
      [null, 4],
      layer('Dense', { units: 2 }, { weights: { kernel: [9, 2], bias: [2] } }),
      layer('ReLU'),
    );
    const inference = inferShapes(graph);
    expect(inference.faults.map((fault) => fault.code)).toEqual(['WEIGHT_SHAPE']);
    expect(shapesByName(graph)).toMatchObject({ re_lu: [[null, 2]] });
  });

  it('counts input tensors', () => {
    const build = new GraphBuilder();
    const x = build.input([null, 4]);
    const graph = build.outputs(
      build.add(layer('ReLU', {}, { name: 'one' }), x, x),
      build.add(layer('Subtract', {}, { name: 'two' }), x),
    );
    expect(inferShapes(graph).faults).toMatchObject([
      { code: 'ARITY', layer: 'one', found: '2 input tensors', expected: '1' },
      { code: 'ARITY', layer: 'two', found: '1 input tensor', expected: '2' },
    ]);
  });

  it('reports faults in the order of the graph', () => {
    const build = new GraphBuilder();
    const x = build.input([null, 4]);
    const late = { layer: 'id:late', call: 0, output: 0 };
    const graph = build.outputs(
      build.add(layer('Add', {}, { name: 'early' }), build.add(layer('Flatten')), late),
      build.add(layer('MaxPooling2D', {}, { name: 'late' }), x),
    );
    expect(inferShapes(graph).faults.map((fault) => fault.layer)).toEqual(['flatten', 'late']);
  });

  it('infers a graph once: graphs never change', () => {
    const graph = chain([null, 8, 8, 1], conv(4, 1));
    expect(inferShapes(graph)).toBe(inferShapes(graph));
    expect(inferShapes({ ...graph })).not.toBe(inferShapes(graph));
  });

  it('takes time in proportion to the layers', () => {
    const blocks = (count: number) => {
      const links = Array.from({ length: count }, (_, block) => [
        layer(
          'Conv2D',
          { filters: 8, kernel_size: 3, padding: 'same' },
          { name: `conv_${block}`, weights: { kernel: [3, 3, 8, 8], bias: [8] } },
        ),
        layer(
          'BatchNormalization',
          {},
          {
            name: `bn_${block}`,
            weights: { gamma: [8], beta: [8], moving_mean: [8], moving_variance: [8] },
          },
        ),
        layer('ReLU', {}, { name: `relu_${block}` }),
      ]);
      return chain([null, 32, 32, 8], ...links.flat());
    };
    const [some, many] = [blocks(333), blocks(3_333)];
    expect([some.layers.length, many.layers.length]).toEqual([1_000, 10_000]);
    const least = (graph: LayerGraph) =>
      Math.min(
        ...Array.from({ length: 10 }, () => {
          const start = performance.now();
          expect(inferShapes({ ...graph }).faults).toEqual([]);
          return performance.now() - start;
        }),
      );
    least(many);
    // Ten times as long; were it the square of the layers, a hundred times.
    expect(least(many) / least(some)).toBeLessThan(40);
  });
});
