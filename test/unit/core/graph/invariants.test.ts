import { describe, expect, it } from 'vitest';
import { checkInvariants } from '../../../../src/core/graph/invariants';
import { chain, GraphBuilder } from '../../support/graphs';

const sound = chain([null, 4], { kind: 'ReLU', name: 'a' }, { kind: 'ReLU', name: 'b' });
const codes = (graph: Parameters<typeof checkInvariants>[0]) =>
  checkInvariants(graph).map((fault) => fault.code);

describe('checkInvariants', () => {
  it('finds nothing in a sound graph', () => {
    expect(checkInvariants(sound)).toEqual([]);
  });

  it('finds ids and names used twice', () => {
    const [input, a, b] = sound.layers;
    expect(checkInvariants({ ...sound, layers: [input, a, { ...b, name: 'a' }] })).toMatchObject([
      { code: 'LAYER_NAME_REPEATED', layer: 'a' },
    ]);
    expect(codes({ ...sound, layers: [input, a, b, b] })).toEqual([
      'LAYER_ID_REPEATED',
      'LAYER_NAME_REPEATED',
    ]);
  });

  it('finds tensors that no layer makes', () => {
    const [input, , b] = sound.layers;
    expect(checkInvariants({ ...sound, layers: [input, b] })).toEqual([
      {
        severity: 'error',
        code: 'TENSOR_DANGLING',
        layer: 'b',
        message:
          '"b": found an input from "id:a"[0][0], which no layer makes, expected a tensor of the graph',
      },
    ]);
    const [output] = sound.outputs;
    expect(codes({ ...sound, outputs: [{ ...output, call: 1 }] })).toEqual(['TENSOR_DANGLING']);
    expect(codes({ ...sound, inputs: [{ ...output, layer: 'gone' }] })).toEqual(['TENSOR_DANGLING']);
  });

  it('finds a graph without ends', () => {
    expect(codes({ ...sound, inputs: [], outputs: [] })).toEqual(['NO_INPUT', 'NO_OUTPUT']);
  });

  it('finds a layer that feeds itself', () => {
    const build = new GraphBuilder();
    const x = build.input([null, 4]);
    const self = build.add({ kind: 'Add', name: 'self' }, x, { layer: 'id:self', call: 0, output: 0 });
    expect(checkInvariants(build.outputs(self))).toMatchObject([{ code: 'GRAPH_CYCLE', layer: 'self' }]);
  });
});
