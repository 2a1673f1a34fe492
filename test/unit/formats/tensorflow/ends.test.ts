import { expect, test } from 'vitest';
import { endsOf } from '../../../../src/formats/tensorflow/ends';
import type { GraphDef } from '../../../../src/formats/tensorflow/graphDef';

const graphOf = (
  ...nodes: readonly (readonly [name: string, op: string, ...inputs: string[]])[]
): GraphDef => ({
  nodes: nodes.map(([name, op, ...inputs]) => ({ name, op, inputs, attributes: new Map() })),
  functions: new Map(),
});

const outputsOf = (graph: GraphDef) => endsOf(graph, 'graph').outputs.map(({ key }) => key);

test('how large the labels of a loss are is nothing that a graph gives', () => {
  const graph = graphOf(
    ['y', 'Placeholder'],
    ['logits', 'MatMul', 'x', 'kernel'],
    ['xentropy/Shape', 'Shape', 'y'],
    ['xentropy/Size', 'Size', 'y'],
    ['xentropy', 'SparseSoftmaxCrossEntropyWithLogits', 'logits', 'y'],
  );
  expect(outputsOf(graph)).toEqual(['xentropy']);
});
