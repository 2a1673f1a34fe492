import type { BundleTensor, TensorBundle } from './bundle';
import { dataInputs } from './dataInputs';
import { textOf, type GraphDef, type GraphNode, type StoredTensor } from './graphDef';

/** Operations that stand for a variable. */
export const VARIABLE_OPS: ReadonlySet<string> = new Set([
  'VarHandleOp',
  'VariableV2',
  'Variable',
  'VarIsInitializedOp',
]);

/**
 * What each variable of a graph is called in its checkpoint, by the operation that stands for it. The graph says so
 * itself, in the part that restores it: a name goes into `RestoreV2`, what comes out is assigned to the variable.
 */
export function checkpointKeys(graph: GraphDef): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const learn = (nodes: readonly GraphNode[], handleOf: (name: string) => string | undefined) => {
    const byName = new Map(nodes.map((node) => [node.name, node]));
    for (const node of nodes) {
      if (node.op !== 'AssignVariableOp' && node.op !== 'Assign') continue;
      const [target, value] = dataInputs(node);
      const handle = target === undefined ? undefined : handleOf(nameIn(target));
      const key = value === undefined ? undefined : restoredAs(value, byName);
      if (handle !== undefined && key !== undefined) keys.set(handle, key);
    }
  };
  learn(graph.nodes, (name) => name);
  for (const node of graph.nodes) {
    const called = graph.functions.get(node.attributes.get('f')?.function ?? '');
    if (!called) continue;
    const given = dataInputs(node);
    const handles = new Map(called.inputs.map((name, index) => [name, nameIn(given[index] ?? '')]));
    learn(called.nodes, (name) => handles.get(name));
  }
  learnCopies(graph.nodes, keys);
  return keys;
}

/**
 * `tf.saved_model.save` may save copies of Keras's variables, which start as what they are copies of: their numbers are
 * those of the originals, which the functions read and nothing restores.
 */
function learnCopies(nodes: readonly GraphNode[], keys: Map<string, string>): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const node of nodes) {
    if (node.op !== 'AssignVariableOp') continue;
    const [copy, value] = dataInputs(node).map(nameIn);
    const read = byName.get(value ?? '');
    const original = read?.op === 'ReadVariableOp' ? nameIn(dataInputs(read)[0] ?? '') : undefined;
    const key = keys.get(copy ?? '');
    if (original !== undefined && key !== undefined && !keys.has(original)) keys.set(original, key);
  }
}

/** Steps between what is restored and what it is assigned to: an identity, a cast. */
const MAX_STEPS = 8;

function restoredAs(value: string, byName: ReadonlyMap<string, GraphNode>): string | undefined {
  let tensor = value;
  for (let step = 0; step < MAX_STEPS; step++) {
    const node = byName.get(nameIn(tensor));
    if (!node) return undefined;
    const [first, names] = dataInputs(node);
    if (node.op !== 'RestoreV2') {
      if (first === undefined) return undefined;
      tensor = first;
      continue;
    }
    const index = Number(tensor.split(':').slice(1).at(-1) ?? 0);
    return byName.get(nameIn(names ?? ''))?.attributes.get('value')?.tensor?.texts?.[index];
  }
  return undefined;
}

const nameIn = (tensor: string): string => tensor.split(':', 1)[0] ?? '';

/** The variable that an operation stands for, in a checkpoint. */
export function variablesIn(
  graph: GraphDef,
  bundle: TensorBundle | undefined,
): (node: GraphNode) => StoredTensor | undefined {
  const keys = checkpointKeys(graph);
  return (node) => {
    if (!VARIABLE_OPS.has(node.op)) return undefined;
    const tensor = [keys.get(node.name), textOf(node, 'shared_name'), node.name]
      .map((key) => (key === undefined ? undefined : bundle?.tensors.get(key)))
      .find((found): found is BundleTensor => found !== undefined);
    return (
      tensor && { type: tensor.type, shape: tensor.shape, source: { from: 'ranges', ranges: tensor.ranges } }
    );
  };
}
