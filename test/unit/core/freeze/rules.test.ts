import { describe, expect, test } from 'vitest';
import { applyFreezeRules } from '../../../../src/core/freeze/apply';
import {
  addRules,
  batchNormalizationPolicy,
  withBatchNormalization,
} from '../../../../src/core/freeze/batchNormalization';
import type { FreezeRule, Match } from '../../../../src/core/freeze/rule';
import { freezeRuleSchema } from '../../../../src/core/freeze/rule';
import { matchedLayers } from '../../../../src/core/freeze/select';
import { frozenStages, withStages } from '../../../../src/core/freeze/stages';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { chain } from '../../support/graphs';
import { failureOf, nameOf, residualNet, smallNet } from '../surgery/sampleGraphs';

const names = (graph: LayerGraph, ids: Iterable<string>) => [...ids].map((id) => nameOf(graph, id));
const matched = (graph: LayerGraph, match: Match) => names(graph, matchedLayers(graph, match));
const freeze = (graph: LayerGraph, ...rules: FreezeRule[]) => applyFreezeRules(graph, rules).graph;
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

describe('applyFreezeRules', () => {
  test('makes the same layers of the same layers, time and again', () => {
    const graph = stagedNet();
    const [once, again] = [1, 2].map(() => freeze(graph, { match: { regex: 'conv' } }));
    expect(frozen(once!)).toEqual(['conv1', 'conv2', 'conv3']);
    once!.layers.forEach((layer, place) => {
      expect(again!.layers[place]).toBe(layer);
      if (layer.trainable) expect(layer).toBe(graph.layers[place]);
    });
    expect(freeze(once!, { match: { all: true }, trainable: true }).layers).toEqual(graph.layers);
  });
});

describe('matchedLayers', () => {
  test('by names, in graph order', () => {
    expect(matched(smallNet(), { names: ['dense', 'conv'] })).toEqual(['conv', 'dense']);
  });

  test('by names looked up once, however many there are', () => {
    const graph = stagedNet();
    let lookedAt = 0;
    const counted = graph.layers.map((layer) =>
      Object.defineProperty({ ...layer }, 'name', { get: () => (lookedAt++, layer.name) }),
    );
    const all = matchedLayers({ ...graph, layers: counted }, { names: graph.layers.map(({ name }) => name) });
    expect(all.size).toBe(graph.layers.length);
    expect(lookedAt).toBeLessThan(3 * graph.layers.length);
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

  test('from a layer: it and all that depends on it', () => {
    expect(matched(residualNet(), { from: 'bn' })).toEqual(
      names(
        residualNet(),
        residualNet().layers.map(({ id }) => id),
      ).filter((name) => !['image', 'stem', 'conv'].includes(name)),
    );
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

describe('learning-rate multipliers', () => {
  const multipliers = (...rules: FreezeRule[]) => {
    const net = smallNet();
    return Object.fromEntries(
      [...applyFreezeRules(net, rules).learningRateMultipliers].map(([id, by]) => [nameOf(net, id), by]),
    );
  };

  test('are those of the last rule that matches', () => {
    expect(
      multipliers(
        { match: { regex: 'conv|bn|dense' }, trainable: true, learningRateMultiplier: 0.1 },
        { match: { names: ['bn'] }, trainable: true },
        { match: { names: ['dense'] } },
      ),
    ).toEqual({ conv: 0.1 });
  });

  test('need a rule that trains', () => {
    const rule = { match: { all: true }, learningRateMultiplier: 0.1 };
    expect(freezeRuleSchema.safeParse(rule).error?.issues[0]?.message).toMatch(
      /a frozen layer has no learning rate/,
    );
    expect(freezeRuleSchema.safeParse({ ...rule, trainable: true }).success).toBe(true);
  });
});

describe('freezing by stages', () => {
  const stem: FreezeRule = { match: { names: ['stem'] } };
  const policy: FreezeRule = { match: { kind: 'BatchNormalization' }, trainable: true };

  test('is one rule, which changes in its place', () => {
    const rules = withStages([stem, policy], 3);
    expect(rules).toEqual([stem, { match: { stages: 3 } }, policy]);
    expect(frozenStages(rules)).toBe(3);
    expect(withStages(rules, 1)).toEqual([stem, { match: { stages: 1 } }, policy]);
    expect(withStages(rules, 0)).toEqual([stem, policy]);
    expect(frozenStages([stem])).toBe(0);
  });
});

describe('the policy of BatchNormalization', () => {
  const policy: FreezeRule = { match: { kind: 'BatchNormalization' }, trainable: true };
  const upTo: FreezeRule = { match: { upTo: 'pool' } };

  test('is a rule that stays the last one', () => {
    const rules = withBatchNormalization([upTo], 'trainable');
    expect(rules).toEqual([upTo, policy]);
    expect(batchNormalizationPolicy(rules)).toBe('trainable');
    expect(addRules(rules, [{ match: { all: true } }])).toEqual([upTo, { match: { all: true } }, policy]);
    expect(withBatchNormalization(rules, 'follows')).toEqual([upTo]);
    expect(batchNormalizationPolicy([upTo])).toBe('follows');
  });

  test('yields to what is said of such layers themselves', () => {
    const rules = withBatchNormalization([], 'trainable');
    const named: FreezeRule = { match: { names: ['bn'] } };
    expect(addRules(rules, [named])).toEqual([policy, named]);
    expect(addRules(rules, [{ match: { kind: 'BatchNormalization' } }]).at(-1)).toEqual({
      match: { kind: 'BatchNormalization' },
    });
  });
});
