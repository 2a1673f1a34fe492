import { describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { chooseCrossing, prefixGraph } from '../../../src/trainer/program/crossing';
import { cutPrefix } from '../../../src/trainer/program/prefix';
import { compile } from '../../../src/trainer/program/program';
import { architecture } from '../../support/architectures';
import { chain, GraphBuilder } from '../support/graphs';

const convolution = (name: string, filters = 4) => ({
  kind: 'Conv2D',
  name,
  config: { filters, kernel_size: 3 },
});

function crossingOf(graph: LayerGraph, ...trained: readonly string[]) {
  const trainable = new Set(graph.layers.filter(({ name }) => trained.includes(name)).map(({ id }) => id));
  const program = compile(graph);
  const crossing = chooseCrossing(graph, program, cutPrefix(program, trainable));
  if (!crossing) return undefined;
  const nameOf = (id: string) => graph.layers.find((layer) => layer.id === id)!.name;
  return {
    kept: crossing.tensors.map(({ ref }) => nameOf(ref.layer)),
    rest: crossing.rest.map(({ layer }) => layer.name),
    crossing,
  };
}

describe('where samples are kept', () => {
  it('is after the pooling of a frozen backbone', () => {
    const graph = architecture('MobileNetV2');
    const { kept, rest, crossing } = crossingOf(graph, 'predictions')!;
    expect([kept, rest]).toEqual([['global_average_pooling2d'], []]);
    const prefix = prefixGraph(graph, crossing);
    expect(prefix.layers.at(-1)!.name).toBe('global_average_pooling2d');
  });

  it('is before frozen layers that make a sample larger and cost next to nothing', () => {
    const graph = chain(
      [null, 16, 16, 3],
      convolution('frozen', 8),
      { kind: 'MaxPooling2D', name: 'small' },
      { kind: 'UpSampling2D', name: 'large' },
      convolution('trained'),
    );
    const { kept, rest } = crossingOf(graph, 'trained')!;
    expect([kept, rest]).toEqual([['small'], ['large']]);
  });

  it('is where every tensor that is read later is there, the input too', () => {
    const build = new GraphBuilder();
    const input = build.input([null, 8, 8, 4], 'image');
    const first = build.add(
      { ...convolution('first'), config: { filters: 4, kernel_size: 3, padding: 'same' } },
      input,
    );
    const joined = build.add({ kind: 'Concatenate', name: 'joined' }, first, input);
    const graph = build.outputs(
      build.add({ kind: 'Dense', name: 'trained', config: { units: 2 } }, joined),
      input,
    );
    expect(crossingOf(graph, 'trained')!.kept.toSorted()).toEqual(['first', 'image']);
  });

  it('is nowhere without frozen weights', () => {
    const graph = chain(
      [null, 8, 8, 3],
      { kind: 'Flatten' },
      { kind: 'Dense', name: 'trained', config: { units: 2 } },
    );
    expect(crossingOf(graph, 'trained')).toBeUndefined();
  });

  it('is nowhere where a tensor does not hold one row a sample', () => {
    const graph = chain(
      [4, 8],
      { kind: 'Dense', config: { units: 2 } },
      { kind: 'Dense', name: 'trained', config: { units: 2 } },
    );
    expect(crossingOf(graph, 'trained')).toBeUndefined();
  });
});
