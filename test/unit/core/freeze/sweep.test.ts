import { expect, test } from 'vitest';
import { applyFreezeRules } from '../../../../src/core/freeze/apply';
import { stageSweep } from '../../../../src/core/freeze/sweep';
import { inferShapes } from '../../../../src/core/graph/infer';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { chain } from '../../support/graphs';

const conv = (name: string, strides = 1) => ({
  kind: 'Conv2D',
  name,
  config: { filters: 2, kernel_size: 3, strides, padding: 'same' },
});
const pool = { kind: 'MaxPooling2D' };
const gap = { kind: 'GlobalAveragePooling2D' };
const head = { kind: 'Dense', name: 'head', config: { units: 2 } };

function sweep(graph: LayerGraph, policy: 'follows' | 'trainable' = 'follows') {
  const refreeze = (rules: Parameters<typeof applyFreezeRules>[1]) => applyFreezeRules(graph, rules);
  const steps = stageSweep(graph, inferShapes(graph), refreeze, policy);
  return steps.map(({ stages, rules, frozenLayers, trainableLayers }) => {
    const trained = refreeze(rules).graph.layers.filter(
      (layer) => layer.trainable && layer.weights.length > 0,
    );
    expect([frozenLayers + trainableLayers, trained.length]).toEqual([
      graph.layers.filter((layer) => layer.weights.length > 0).length,
      trainableLayers,
    ]);
    return [stages, trained.map(({ name }) => name).join(' ')];
  });
}

test('opens stage after stage, the last first', () => {
  const graph = chain([null, 8, 8, 1], conv('a'), conv('b', 2), conv('c', 2), gap, head);
  expect(sweep(graph)).toEqual([
    [3, 'head'],
    [2, 'c head'],
    [1, 'b c head'],
    [0, 'a b c head'],
  ]);
});

test('passes over stages that have no weights', () => {
  const graph = chain([null, 16, 16, 1], conv('a'), pool, pool, conv('b'), pool, gap, head);
  expect(sweep(graph)).toEqual([
    [3, 'head'],
    [1, 'b head'],
    [0, 'a b head'],
  ]);
});

test('leaves something to train, also without a head', () => {
  expect(sweep(chain([null, 8, 8, 1], conv('a'), conv('b', 2)))).toEqual([
    [1, 'b'],
    [0, 'a b'],
  ]);
});

test('asks nothing of the flags that the file has, and keeps what becomes of BatchNormalization', () => {
  const graph = chain([null, 8, 8, 1], conv('a'), { kind: 'BatchNormalization', name: 'norm' }, gap, head);
  const frozen = { ...graph, layers: graph.layers.map((layer) => ({ ...layer, trainable: false })) };
  expect(sweep(frozen)).toEqual([
    [1, 'head'],
    [0, 'a norm head'],
  ]);
  expect(sweep(frozen, 'trainable')).toEqual([
    [1, 'norm head'],
    [0, 'a norm head'],
  ]);
});

test('has one step where there are no stages', () => {
  expect(sweep(chain([null, 4], head))).toEqual([[0, 'head']]);
});
