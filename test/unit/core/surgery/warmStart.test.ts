import { describe, expect, test } from 'vitest';
import type { Layer, LayerGraph, WeightRef } from '../../../../src/core/graph/layerGraph';
import { layerNamed } from '../../../../src/core/graph/lookup';
import type { OperationOf } from '../../../../src/core/surgery/recipe';
import { replay } from '../../../../src/core/surgery/replay';
import { chain } from '../../support/graphs';
import { failureOf, namesOf, operateOn, smallNet, untouched } from './sampleGraphs';

const FILE = '/weights/donor.pth';

/** A file of weights: a layer a module, each weight a stretch of bytes of its own. */
function weightsOnly(
  layers: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>,
): LayerGraph {
  return {
    name: 'donor',
    inputs: [],
    outputs: [],
    layers: Object.entries(layers).map(([name, weights], index): Layer => ({
      ...{ id: `weights-${index}`, name, kind: 'Weights', config: {}, calls: [], trainable: true, group: [] },
      opaque: 'weights alone',
      weights: Object.entries(weights).map(([weight, shape]): WeightRef => ({
        ...{ name: weight, shape, dtype: 'float32', role: 'parameter' },
        source: { from: 'ranges', ranges: [{ path: `${name}.${weight}`, offset: 0, byteLength: 4 }] },
      })),
    })),
  };
}

function warm(net: LayerGraph, donor: LayerGraph, options: Partial<OperationOf<'warmStart'>> = {}) {
  const operated = operateOn(net, { op: 'warmStart', from: FILE, ...options }, new Map([[FILE, donor]]));
  expect(operated.warmStart?.from).toBe(FILE);
  return { ...operated, report: operated.warmStart! };
}

const fileOf = (graph: LayerGraph, layer: string, weight: string) => {
  const { source } = layerNamed(graph, layer).weights.find(({ name }) => name === weight)!;
  return source.from === 'ranges' ? source.ranges[0]!.path : source.from;
};
const stridesOf = (graph: LayerGraph, layer: string, weight: string) => {
  const { source } = layerNamed(graph, layer).weights.find(({ name }) => name === weight)!;
  return source.from === 'ranges' ? source.strides : undefined;
};

describe('warmStart', () => {
  test('takes the weights of the same name and shape, and reports what matched and what did not', () => {
    const net = smallNet();
    const { graph, report, notes, inference } = warm(
      net,
      weightsOnly({
        conv: { kernel: [3, 3, 1, 4], bias: [4] },
        bn: { gamma: [4], beta: [8], moving_mean: [4] },
        logits: { kernel: [64, 10] },
      }),
    );
    expect(fileOf(graph, 'conv', 'kernel')).toBe('conv.kernel');
    expect(fileOf(graph, 'bn', 'beta')).toBe('dataset');
    expect(untouched(net, graph)).toEqual(['input_layer', 'relu', 'pool', 'flatten', 'dense']);
    expect(report.matched).toEqual([
      { layer: 'conv', weight: 'kernel', from: 'conv/kernel' },
      { layer: 'conv', weight: 'bias', from: 'conv/bias' },
      { layer: 'bn', weight: 'gamma', from: 'bn/gamma' },
      { layer: 'bn', weight: 'moving_mean', from: 'bn/moving_mean' },
    ]);
    expect(report.unmatched).toEqual([
      { layer: 'bn', weight: 'beta', why: 'shape', found: [8], expected: [4] },
      { layer: 'bn', weight: 'moving_variance', why: 'weight' },
      { layer: 'dense', weight: 'kernel', why: 'layer' },
      { layer: 'dense', weight: 'bias', why: 'layer' },
    ]);
    expect(report.unused).toEqual(['bn/beta', 'logits/kernel']);
    expect([notes, inference.faults]).toEqual([[], []]);
  });

  test('is kept to layers by a regular expression, and told by a map which layer is which', () => {
    const donor = weightsOnly({
      conv: { kernel: [3, 3, 1, 4], bias: [4] },
      bn: { gamma: [4], beta: [4] },
      logits: { kernel: [64, 10], bias: [10] },
    });
    const only = warm(smallNet(), donor, { match: '^conv' });
    expect(only.report.matched.map(({ layer }) => layer)).toEqual(['conv', 'conv']);
    expect(only.report.unmatched).toEqual([]);
    const mapped = warm(smallNet(), donor, { match: '^conv', map: { dense: 'logits' } });
    expect(mapped.report.matched.map(({ from }) => from)).toEqual([
      ...['conv/kernel', 'conv/bias', 'logits/kernel', 'logits/bias'],
    ]);
    expect(mapped.report.unused).toEqual(['bn/gamma', 'bn/beta']);
  });

  test('knows torch.nn by its names: reads its kernels transposed, its statistics by what they are', () => {
    const net = chain(
      [null, 8, 8, 3],
      { kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: [3, 5] } },
      { kind: 'BatchNormalization', name: 'bn' },
      {
        kind: 'DepthwiseConv2D',
        name: 'deep',
        config: { kernel_size: [2, 3], depth_multiplier: 2, use_bias: false },
      },
      { kind: 'GlobalAveragePooling2D' },
      { kind: 'Dense', name: 'fc', config: { units: 8 } },
    );
    const { graph, report, inference } = warm(
      net,
      weightsOnly({
        'features.0': { weight: [4, 3, 3, 5], bias: [4] },
        bn: { weight: [4], bias: [4], running_mean: [4], running_var: [4], num_batches_tracked: [] },
        deep: { weight: [8, 1, 2, 3] },
        fc: { weight: [8, 8], bias: [8] },
      }),
      { map: { conv: 'features.0' } },
    );
    expect(report.unmatched).toEqual([]);
    expect(report.unused).toEqual(['bn/num_batches_tracked']);
    // (out, in, height, width), 45 15 5 1 apart, as (height, width, in, out).
    expect(stridesOf(graph, 'conv', 'kernel')).toEqual([5, 1, 15, 45]);
    // (in × 2, 1, height, width), 6 6 3 1 apart, as (height, width, in, 2).
    expect(stridesOf(graph, 'deep', 'kernel')).toEqual([3, 1, 12, 6]);
    // A square kernel shows that it is the name which says the layout, not the shape.
    expect(stridesOf(graph, 'fc', 'kernel')).toEqual([1, 8]);
    expect(
      ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => fileOf(graph, 'bn', name)),
    ).toEqual([...['bn.weight', 'bn.bias', 'bn.running_mean', 'bn.running_var']]);
    expect(layerNamed(graph, 'bn').weights.map(({ role }) => role)).toEqual([
      ...['parameter', 'parameter', 'statistic', 'statistic'],
    ]);
    expect(inference.faults).toEqual([]);
  });

  test('never transposes what it cannot read transposed, nor guesses a layout by its shape', () => {
    const torch = weightsOnly({ dense: { weight: [10, 64] } });
    const [layer] = torch.layers;
    const stored = { from: 'dataset', path: 'w.h5', dataset: 'dense/weight' } as const;
    const inH5 = { ...torch, layers: [{ ...layer!, weights: [{ ...layer!.weights[0]!, source: stored }] }] };
    expect(warm(smallNet(), inH5).report.unmatched.find(({ layer: name }) => name === 'dense')).toMatchObject(
      {
        ...{ layer: 'dense', why: 'layout', expected: [64, 10] },
      },
    );
    const keras = weightsOnly({ dense: { kernel: [10, 64] } });
    expect(warm(smallNet(), keras).report.matched).toEqual([]);
  });

  test("knows a layer by its groups' names, older names for weights, and weights by number", () => {
    const build = smallNet();
    const net = {
      ...build,
      layers: build.layers.map((each) =>
        each.name === 'conv' ? { ...each, group: ['model', 'stem'] } : each,
      ),
    };
    const { report } = warm(
      net,
      weightsOnly({
        'model/stem/conv': { weights: [3, 3, 1, 4], biases: [4] },
        bn: { 0: [4], 1: [4], 2: [4], 3: [4] },
      }),
    );
    expect(report.matched.map(({ from }) => from)).toEqual([
      ...['model/stem/conv/weights', 'model/stem/conv/biases', 'bn/0', 'bn/1', 'bn/2', 'bn/3'],
    ]);
  });

  test('that finds nothing is a warning, and changes nothing', () => {
    const net = smallNet();
    const { graph, notes } = warm(net, weightsOnly({ other: { kernel: [1] } }));
    expect(graph).toBe(net);
    expect(notes.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'WARM_START_MATCHES_NOTHING'],
    ]);
  });

  test('takes from a whole model too, and its report says which operation it was', () => {
    const donors = new Map([[FILE, smallNet()]]);
    const { warmStarts, graph } = replay(
      smallNet(),
      {
        version: 2,
        operations: [
          { op: 'cut', after: 'relu', disabled: true },
          { op: 'reinitialize', layers: ['conv'] },
          { op: 'warmStart', from: { path: FILE }, match: 'conv' },
        ],
        freeze: [],
      },
      donors,
    );
    expect(warmStarts.map(({ operation, matched }) => [operation, matched.length])).toEqual([[2, 2]]);
    expect(namesOf(graph)).toEqual(namesOf(smallNet()));
    expect(layerNamed(graph, 'conv').weights).toEqual(layerNamed(smallNet(), 'conv').weights);
  });

  test('is refused for layers that are not there, and what is no regular expression', () => {
    const donor = weightsOnly({ conv: { kernel: [1] } });
    const refused = (options: Partial<OperationOf<'warmStart'>>) =>
      failureOf(() => warm(smallNet(), donor, options));
    expect(refused({ map: { dens: 'conv' } })).toBe(
      'LAYER_UNKNOWN: no layer is named "dens"; the nearest is "dense"',
    );
    expect(refused({ map: { dense: 'con' } })).toBe(
      'LAYER_UNKNOWN: no layer of the donor /weights/donor.pth is named "con"; the nearest is "conv"',
    );
    expect(refused({ match: '(' })).toMatch(/^REGEX_INVALID/);
    expect(failureOf(() => operateOn(smallNet(), { op: 'warmStart', from: 'x.h5' }))).toMatch(
      /^DONOR_MISSING: .*x\.h5/,
    );
  });
});
