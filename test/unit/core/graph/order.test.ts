import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { orderCalls, sortLayers } from '../../../../src/core/graph/order';
import { chain, GraphBuilder } from '../../support/graphs';

const names = (graph: LayerGraph) => graph.layers.map((layer) => layer.name);
const reversed = (graph: LayerGraph): LayerGraph => ({ ...graph, layers: graph.layers.toReversed() });

function diamond(): LayerGraph {
  const build = new GraphBuilder();
  const x = build.input([null, 4], 'x');
  const a = build.add({ kind: 'ReLU', name: 'a' }, x);
  const b = build.add({ kind: 'ReLU', name: 'b' }, x);
  return build.outputs(build.add({ kind: 'Add', name: 'sum' }, a, b));
}

function circle(): LayerGraph {
  const build = new GraphBuilder();
  const x = build.input([null, 4], 'x');
  const a = build.add({ kind: 'Add', name: 'a' }, x, { layer: 'id:b', call: 0, output: 0 });
  const b = build.add({ kind: 'ReLU', name: 'b' }, a);
  return build.outputs(build.add({ kind: 'ReLU', name: 'c' }, b));
}

describe('sortLayers', () => {
  it('returns the same graph where it is sorted', () => {
    const graph = diamond();
    expect(sortLayers(graph)).toBe(graph);
  });

  it('puts every layer after what feeds it', () => {
    expect(names(sortLayers(reversed(diamond())))).toEqual(['x', 'a', 'b', 'sum']);
  });

  it('keeps its layers the same objects', () => {
    const graph = diamond();
    expect(new Set(sortLayers(reversed(graph)).layers)).toEqual(new Set(graph.layers));
  });

  it('names the layers of a circle, and no others', () => {
    expect(() => sortLayers(circle())).toThrow(Failure);
    expect(() => sortLayers(circle())).toThrow('layers feed each other in a circle: "a", "b"; expected');
  });

  it('sorts by first calls, though a second may come before its layer is done', () => {
    const build = new GraphBuilder();
    const shared = build.add({ kind: 'ReLU', name: 'shared' }, build.input([null, 4], 'x'));
    const between = build.add({ kind: 'ReLU', name: 'between' }, shared);
    const graph = build.outputs(build.call(shared, between));
    expect(names(sortLayers(reversed(graph)))).toEqual(['x', 'shared', 'between']);
    expect(orderCalls(graph).calls.map(({ layer, call }) => `${layer.name}[${call}]`)).toEqual([
      'x[0]',
      'shared[0]',
      'between[0]',
      'shared[1]',
    ]);
  });
});

describe('orderCalls', () => {
  it('loses no call to a circle', () => {
    const { calls, cyclic } = orderCalls(circle());
    expect(calls).toHaveLength(4);
    expect(cyclic.map((layer) => layer.name)).toEqual(['a', 'b']);
  });

  it('does not recurse: 30,000 layers end to end, last first', () => {
    const links = Array.from({ length: 29_999 }, (_, index) => ({ kind: 'ReLU', name: `r${index}` }));
    const { calls } = orderCalls(reversed(chain([null, 4], ...links)));
    expect(calls[0].layer.kind).toBe('InputLayer');
    expect(calls.at(-1)?.layer.name).toBe('r29998');
  });
});
