import { Failure } from '../../core/failure';
import { MAX_CALL_DEPTH, MAX_NODES } from './bounds';
import { dataInputs } from './dataInputs';
import { DeadBranches } from './deadBranches';
import type { GraphDef, GraphFunction, GraphNode, StoredTensor } from './graphDef';
import { PASSING } from './passing';
import { t } from '../../l10n/translate';

/** A tensor of a flat graph. */
export interface FlatTensor {
  readonly node: FlatNode;
  readonly output: number;
}

/** An operation with what feeds it, calls of functions taken apart. */
export interface FlatNode extends GraphNode {
  /** The calls that it is in. */
  readonly scope: readonly string[];
  readonly feeds: readonly FlatTensor[];
}

/** Steps from a tensor to the operation that makes it, over all tensors: keeps calls in circles from going on. */
const MAX_STEPS = 4_000_000;
/** From one tensor: in and out of each function on the way, and functions that only pass on. */
const MAX_HOPS = 10_000;

/** Operations whose outputs have names of their own, which functions refer to. */
const OUTPUTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(_)?FusedBatchNorm/, ['y', 'batch_mean', 'batch_variance']],
  [/^TopK/, ['values', 'indices']],
];

/** From a condition to the constant that decides it: identities, a negation. */
const MAX_CONDITION_HOPS = 8;

interface Scope {
  readonly path: readonly string[];
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Where arguments come from: a tensor of the scope around. */
  readonly args: ReadonlyMap<string, string>;
  readonly parent?: Scope;
  readonly children: Map<GraphNode, { scope: Scope; called: GraphFunction }>;
  readonly made: Map<GraphNode, Making>;
  /** Conditions that were looked at. */
  readonly decided: Map<string, boolean | undefined>;
  branches?: DeadBranches;
}

/** A node whose feeds come when it is looked at. */
type Making = { -readonly [K in keyof FlatNode]: FlatNode[K] };

/**
 * The operations that some tensors are computed with, each after those that feed it; functions are replaced by their
 * bodies, and a choice between two by the one that a constant chooses.
 * @param constant what a constant holds
 * @throws Failure `GRAPH_DANGLING`, `GRAPH_CYCLE`, `MODEL_TOO_LARGE`
 */
export function flattenGraph(
  graph: GraphDef,
  outputs: readonly string[],
  constant: (node: GraphNode) => StoredTensor | undefined,
): { readonly nodes: readonly FlatNode[]; readonly outputs: readonly FlatTensor[] } {
  const indices: Indices = new Map();
  const root = openScope(indices, graph.nodes, [], new Map());
  const pending: { scope: Scope; made: Making }[] = [];
  const scopes = new Map<FlatNode, Scope>();
  let count = 0;
  let steps = 0;
  let deciding = 0;

  const make = (scope: Scope, node: GraphNode): FlatNode => {
    const known = scope.made.get(node);
    if (known) return known;
    if (++count > MAX_NODES) {
      throw new Failure(
        'input',
        'MODEL_TOO_LARGE',
        t(
          'found more than {0} operations once functions are written out, expected at most so many',
          MAX_NODES,
        ),
      );
    }
    const made: Making = { ...node, scope: scope.path, feeds: [] };
    scope.made.set(node, made);
    pending.push({ scope, made });
    scopes.set(made, scope);
    return made;
  };
  /** Whether a condition holds; nothing where only data tells. */
  const decide = (from: Scope, written: string): boolean | undefined => {
    if (!from.decided.has(written)) {
      const holds = deciding < MAX_CALL_DEPTH ? holdsAt(from, written) : undefined;
      from.decided.set(written, holds);
    }
    return from.decided.get(written);
  };
  const holdsAt = (from: Scope, written: string): boolean | undefined => {
    deciding++;
    try {
      let { node } = resolve(from, written);
      let holds = true;
      for (let hop = 0; hop < MAX_CONDITION_HOPS && node.op !== 'Const'; hop++) {
        const [input] = dataInputs(node);
        const goesOn =
          PASSING.has(node.op) || node.op === 'PlaceholderWithDefault' || node.op === 'LogicalNot';
        const scope = scopes.get(node);
        if (!goesOn || input === undefined || !scope) return undefined;
        if (node.op === 'LogicalNot') holds = !holds;
        ({ node } = resolve(scope, input));
      }
      const [value] = node.op === 'Const' ? (constant(node)?.numbers ?? []) : [];
      return value === undefined ? undefined : (value !== 0) === holds;
    } finally {
      deciding--;
    }
  };
  const branchesOf = (scope: Scope): DeadBranches => {
    scope.branches ??= new DeadBranches(scope.nodes, (node) => decide(scope, dataInputs(node)[1] ?? ''));
    return scope.branches;
  };
  const resolve = (from: Scope, written: string): FlatTensor => {
    let scope = from;
    let tensor = written;
    for (let hops = 0; ; hops++) {
      if (++steps > MAX_STEPS || hops > MAX_HOPS)
        throw new Failure('input', 'GRAPH_CYCLE', t('functions call each other in circles'));
      const [name = '', ...rest] = tensor.split(':');
      const argument = scope.args.get(name);
      if (argument !== undefined && scope.parent) {
        [scope, tensor] = [scope.parent, argument];
        continue;
      }
      const at = scope;
      const index = Number(rest.at(-1) ?? 0);
      const node = at.nodes.get(name);
      if (!node) {
        const message =
          scope.path.length > 0
            ? t('"{0}" in {1}: no operation makes it', tensor, scope.path.join('/'))
            : t('"{0}": no operation makes it', tensor);
        throw new Failure('input', 'GRAPH_DANGLING', message);
      }
      const holds = node.op === 'Switch' ? decide(at, dataInputs(node)[1] ?? '') : undefined;
      const chosen = holds === undefined ? undefined : dataInputs(node)[0];
      const live = node.op === 'Merge' && index === 0 ? branchesOf(at).live(node) : undefined;
      if (chosen !== undefined || live !== undefined) {
        tensor = chosen ?? live ?? '';
        continue;
      }
      const call = callOf(graph, indices, scope, node, (written) => decide(at, written));
      if (!call) return { node: make(scope, node), output: outputOf(node, rest, index) };
      const returned = call.called.returns[index];
      if (returned === undefined) {
        throw new Failure(
          'input',
          'GRAPH_DANGLING',
          t('"{0}": {1} gives no such output', tensor, call.called.name),
        );
      }
      [scope, tensor] = [call.scope, returned];
    }
  };

  const ends = outputs.map((output) => resolve(root, output));
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { scope, made } = next;
    made.feeds = dataInputs(made).map((input) => resolve(scope, input));
  }
  return { nodes: inOrder(ends), outputs: ends };
}

type Indices = Map<readonly GraphNode[], ReadonlyMap<string, GraphNode>>;

/** @throws Failure `GRAPH_NAMES` for a name that two operations have */
function indexNodes(indices: Indices, nodes: readonly GraphNode[]): ReadonlyMap<string, GraphNode> {
  const known = indices.get(nodes);
  if (known) return known;
  const index = new Map<string, GraphNode>();
  for (const node of nodes) {
    if (index.has(node.name)) {
      throw new Failure(
        'input',
        'GRAPH_NAMES',
        t('found two operations named "{0}", expected one', node.name),
      );
    }
    index.set(node.name, node);
  }
  indices.set(nodes, index);
  return index;
}

function openScope(
  indices: Indices,
  nodes: readonly GraphNode[],
  path: readonly string[],
  args: ReadonlyMap<string, string>,
  parent?: Scope,
): Scope {
  return {
    path,
    nodes: indexNodes(indices, nodes),
    args,
    children: new Map(),
    made: new Map(),
    decided: new Map(),
    ...(parent && { parent }),
  };
}

/** The function that an operation calls, if that is all it does: always, or as a constant decides. */
function callOf(
  graph: GraphDef,
  indices: Indices,
  scope: Scope,
  node: GraphNode,
  decide: (condition: string) => boolean | undefined,
) {
  const chooses = node.op === 'If' || node.op === 'StatelessIf';
  if (!chooses && node.op !== 'PartitionedCall' && node.op !== 'StatefulPartitionedCall') return undefined;
  const known = scope.children.get(node);
  if (known) return known;
  if (scope.path.length >= MAX_CALL_DEPTH) return undefined;
  const [condition, ...rest] = dataInputs(node);
  const holds = chooses && condition !== undefined ? decide(condition) : true;
  if (holds === undefined) return undefined;
  const branch = chooses ? (holds ? 'then_branch' : 'else_branch') : 'f';
  const called = graph.functions.get(node.attributes.get(branch)?.function ?? '');
  if (!called) return undefined;
  const given = chooses ? rest : dataInputs(node);
  const args = new Map(called.inputs.map((name, index) => [name, given[index] ?? '']));
  const child = { scope: openScope(indices, called.nodes, [...scope.path, node.name], args, scope), called };
  scope.children.set(node, child);
  return child;
}

function outputOf({ op }: GraphNode, rest: readonly string[], index: number): number {
  const named = rest.length === 2 ? OUTPUTS.find(([ops]) => ops.test(op))?.[1] : undefined;
  return named ? Math.max(0, named.indexOf(rest[0]!)) + index : index;
}

/** Depth first without recursion: graphs are thousands of operations deep. */
function inOrder(ends: readonly FlatTensor[]): readonly FlatNode[] {
  const order: FlatNode[] = [];
  const state = new Map<FlatNode, 'open' | 'done'>();
  for (const { node: end } of ends) {
    const stack = [{ node: end, next: 0 }];
    while (stack.length > 0) {
      const frame = stack.at(-1)!;
      state.set(frame.node, state.get(frame.node) ?? 'open');
      const feed = frame.node.feeds[frame.next++];
      if (!feed) {
        if (state.get(frame.node) === 'open') order.push(frame.node);
        state.set(frame.node, 'done');
        stack.pop();
      } else if (!state.has(feed.node)) {
        stack.push({ node: feed.node, next: 0 });
      } else if (state.get(feed.node) === 'open') {
        // A loop of TensorFlow 1 goes back through this; it is drawn open.
        if (feed.node.op === 'NextIteration') continue;
        throw new Failure(
          'input',
          'GRAPH_CYCLE',
          t(
            '"{0}" feeds itself; expected operations fed by earlier ones, or a loop as TensorFlow 2 writes it',
            feed.node.name,
          ),
          { layer: feed.node.name },
        );
      }
    }
  }
  return order;
}
