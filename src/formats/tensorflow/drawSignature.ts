import type { TensorBundle } from './bundle';
import { flattenGraph, type FlatNode } from './flatGraph';
import type { GraphDef, GraphNode, Signature, StoredTensor } from './graphDef';
import { drawGraph } from './graphLayers';
import { variablesIn } from './variables';

/**
 * The layers that a signature's outputs are computed with.
 * @param constant where a constant is, if not in the graph itself
 */
export function drawSignature(
  name: string,
  graph: GraphDef,
  { inputs, outputs }: Signature,
  bundle: TensorBundle | undefined,
  constant: (node: GraphNode) => StoredTensor | undefined = (node) => node.attributes.get('value')?.tensor,
) {
  const flat = flattenGraph(
    graph,
    outputs.map((output) => output.name),
    constant,
  );
  const variable = variablesIn(graph, bundle);
  const given = new Map(inputs.map((input) => [input.name.split(':', 1)[0], input]));
  const inputOf = (node: FlatNode) => (node.scope.length === 0 ? given.get(node.name) : undefined);
  const order = [...given.keys()];
  return drawGraph({
    name,
    nodes: flat.nodes,
    outputs: flat.outputs,
    stored: (node) => (node.op === 'Const' ? constant(node) : variable(node)),
    inputShape: (node) => inputOf(node)?.shape,
    inputOrder: flat.nodes
      .filter((node) => inputOf(node))
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
  });
}
