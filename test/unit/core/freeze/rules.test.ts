import { describe, expect, test } from 'vitest';
import { applyFreezeRules } from '../../../../src/core/freeze/apply';
import { prefixOf } from '../../../../src/core/freeze/prefix';
import type { FreezeRule, Match } from '../../../../src/core/freeze/rule';
import { matchedLayers } from '../../../../src/core/freeze/select';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { chain, GraphBuilder } from '../../support/graphs';
import { failureOf, nameOf, residualNet, siameseNet, smallNet } from '../surgery/sampleGraphs';

const names = (graph: LayerGraph, ids: Iterable<string>) => [...ids].map((id) => nameOf(graph, id));
const matched = (graph: LayerGraph, match: Match) => names(graph, matchedLayers(graph, match));
const freeze = (graph: LayerGraph, ...rules: FreezeRule[]) => applyFreezeRules(graph, rules);
const frozen = (graph: LayerGraph) =>
  graph.layers.filter((layer) => !layer.trainable).map((layer) => layer.name);

/** Two resolutions after the input's, in groups as a nested backbone has them. */
const stagedNet = () =>
  chain(
    [null, 16, 16, 3],
    {
      kind: 'Conv2D',
      name: 'conv1',
      config: { filters: 2, kernel_size: 3, padding: 'same' },
      group: ['net', 'a'],
    },
    { kind: 'MaxPooling2D', name: 'pool1', group: ['net', 'a'] },
    {
      kind: 'Conv2D',
      name: 'conv2',
      config: { filters: 2, kernel_size: 3, padding: 'same' },
      group: ['net', 'ab'],
    },
    { kind: 'MaxPooling2D', name: 'pool2', group: ['net', 'ab'] },
    { kind: 'Conv2D', name: 'conv3', config: { filters: 2, kernel_size: 3, padding: 'same' } },
    { kind: 'GlobalAveragePooling2D', name: 'gap' },
    { kind: 'Dense', name: 'logits', config: { units: 2 } },
  );

describe('matchedLayers', () => {
  test('by names, in graph order', () => {
    expect(matched(smallNet(), { names: ['dense', 'conv'] })).toEqual(['conv', 'dense']);
  });

  test('by a regular expression searched in the name', () => {
    expect(matched(stagedNet(), { regex: 'conv[23]|logits' })).toEqual(['conv2', 'conv3', 'logits']);
    expect(matched(stagedNet(), { regex: '^onv' })).toEqual([]);
  });

  test('by kind', () => {
    expect(matched(stagedNet(), { kind: 'MaxPooling2D' })).toEqual(['pool1', 'pool2']);
  });

  test('by group, name by name', () => {
    expect(matched(stagedNet(), { group: 'net/a' })).toEqual(['conv1', 'pool1']);
    expect(matched(stagedNet(), { group: 'net' })).toEqual(['conv1', 'pool1', 'conv2', 'pool2']);
  });

  test('by stages, heads left out', () => {
    expect(matched(stagedNet(), { stages: 0 })).toEqual([]);
    expect(matched(stagedNet(), { stages: 1 })).toContain('conv1');
    expect(matched(stagedNet(), { stages: 1 })).not.toContain('conv2');
    expect(matched(stagedNet(), { stages: 2 })).toContain('conv2');
    expect(matched(stagedNet(), { stages: 99 })).not.toContain('logits');
  });

  test('up to a layer: it and all that it depends on', () => {
    expect(matched(residualNet(), { upTo: 'add' })).toEqual(['image', 'stem', 'conv', 'bn', 'add']);
    expect(matched(residualNet(), { upTo: 'conv' })).toEqual(['image', 'stem', 'conv']);
  });

  test('all', () => {
    expect(matched(smallNet(), { all: true })).toHaveLength(7);
  });

  test('refuses what cannot be looked for', () => {
    expect(failureOf(() => matched(smallNet(), { names: ['conv', 'bnn'] }))).toBe(
      'LAYER_UNKNOWN: no layer is named "bnn"; the nearest is "bn"',
    );
    expect(failureOf(() => matched(smallNet(), { regex: 'conv(' }))).toMatch(
      /^REGEX_INVALID: "conv\(" is not a regular expression: /,
    );
  });
});

describe('applyFreezeRules', () => {
  test('lets the last match win and keeps the flags of the rest', () => {
    const net = freeze(smallNet(), { match: { names: ['dense'] } });
    const graph = freeze(
      net,
      { match: { upTo: 'pool' } },
      { match: { kind: 'BatchNormalization' }, trainable: true },
    );
    expect(frozen(graph)).toEqual(['input_layer', 'conv', 'relu', 'pool', 'dense']);
  });

  test('keeps the identity of layers whose flag stays, and of the graph where all do', () => {
    const net = smallNet();
    const graph = freeze(net, { match: { names: ['conv'] } });
    expect(
      graph.layers.filter((layer, index) => layer !== net.layers[index]).map(({ name }) => name),
    ).toEqual(['conv']);
    expect(freeze(net)).toBe(net);
    expect(freeze(net, { match: { all: true }, trainable: true })).toBe(net);
  });
});

describe('prefixOf', () => {
  const prefix = (graph: LayerGraph) => names(graph, prefixOf(graph));

  test('ends at the first trainable layer', () => {
    expect(prefix(freeze(smallNet(), { match: { upTo: 'bn' } }))).toEqual([
      ...['input_layer', 'conv', 'bn', 'relu', 'pool', 'flatten'],
    ]);
    expect(prefix(smallNet())).toEqual(['input_layer']);
  });

  test('holds nothing that a trainable layer feeds, frozen or not', () => {
    const graph = freeze(smallNet(), { match: { all: true } }, { match: { names: ['bn'] }, trainable: true });
    expect(prefix(graph)).toEqual(['input_layer', 'conv']);
  });

  test('needs every branch of a merge', () => {
    const graph = freeze(
      residualNet(),
      { match: { upTo: 'out_relu' } },
      { match: { names: ['conv'] }, trainable: true },
    );
    expect(prefix(graph)).toEqual(['image', 'stem']);
  });

  test('stops at what is random in training', () => {
    const net = (rate: number) =>
      freeze(
        chain([null, 4], { kind: 'Dropout', config: { rate } }, { kind: 'Dense', config: { units: 2 } }),
        {
          match: { all: true },
        },
      );
    expect(prefix(net(0.5))).toEqual(['input_layer']);
    expect(prefix(net(0))).toEqual(['input_layer', 'dropout', 'dense']);
    const noise = chain([null, 4], { kind: 'GaussianNoise', config: { stddev: 1 } });
    expect(prefix(noise)).toEqual(['input_layer']);
  });

  test('takes a batch normalization without scale and centre for trainable: its averages move', () => {
    const bn = { kind: 'BatchNormalization', config: { scale: false, center: false } };
    expect(prefix(chain([null, 4], bn))).toEqual(['input_layer']);
  });

  test('waits for the last call of a shared layer', () => {
    const all = freeze(siameseNet(), { match: { all: true } });
    expect(prefix(all)).toEqual(['left', 'right', 'encoder', 'apart', 'score']);
    const build = new GraphBuilder();
    const input = build.input([null, 3]);
    const shared = build.add({ kind: 'Dense', name: 'shared', config: { units: 3 } }, input);
    const learned = build.add({ kind: 'Dense', name: 'learned', config: { units: 3 } }, shared);
    const graph = freeze(build.outputs(build.call(shared, learned)), { match: { names: ['shared'] } });
    expect(prefix(graph)).toEqual(['input_layer']);
  });
});
