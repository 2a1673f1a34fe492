import { Failure } from '../../core/failure';
import { dataInputs } from './dataInputs';
import type { GraphDef, GraphNode, Signature } from './graphDef';
import { VARIABLE_OPS } from './variables';
import { t } from '../../l10n/translate';

/** Operations that end a graph without being what it is for: they save, restore, set, count and report. */
const CHORES =
  /^(NoOp|Const|Placeholder.*|Assert|Save.*|Restore.*|Merge.*Checkpoints|Assign.*|VarIsInitializedOp|IsVariableInitialized|.*Summary.*|ResourceApply.*|Apply.*|ReadVariableOp|Identity|Variable.*|VarHandleOp|Print.*|DestroyResourceOp|StringJoin|ShardedFilename|.*Dataset.*|Iterator.*)$/;

/** What a loss that is told labels leaves behind: it has looked at how large they are. No model is made for that. */
const SIZES = /^(Shape|ShapeN|Size|Rank)$/;

/** Chores that only look at what they take. */
const REPORTS = /^(NoOp|Assert|Save.*|.*Summary.*|Print.*)$/;

/** Scopes of what TensorFlow adds to a graph for training it and for saving it. */
const SCOPES =
  /^(save|gradients|train|report_uninitialized_variables|init)(_\d+)?(\/|$)|(^|\/)Initializer(\/|$)/;

/** The end of a choice that tells which way was taken; what the ways give has an end of its own. */
const BRANCH_TAKEN = /(^|\/)branch_executed(\/|$)/;

/**
 * What a graph gives where nothing says it: what no operation reads, without the chores.
 * @throws Failure `NOT_A_MODEL` where nothing is left
 */
export function endsOf({ nodes }: GraphDef, what: string): Signature {
  // What is only saved or reported is an output all the same; what is assigned is not.
  const read = new Set(
    nodes
      .filter((node) => !SCOPES.test(node.name) && !REPORTS.test(node.op))
      .flatMap((node) => dataInputs(node).map((input) => input.split(':', 1)[0])),
  );
  const isEnd = (node: GraphNode) =>
    !read.has(node.name) &&
    !SCOPES.test(node.name) &&
    !VARIABLE_OPS.has(node.op) &&
    !BRANCH_TAKEN.test(node.name) &&
    !SIZES.test(node.op) &&
    !node.op.startsWith('Placeholder');
  const named = new Map(nodes.map((node) => [node.name, node]));
  const ends = nodes.filter(
    (node) => isEnd(node) && (!CHORES.test(node.op) || isOutputIdentity(node, named)),
  );
  if (ends.length === 0) {
    throw new Failure(
      'input',
      'NOT_A_MODEL',
      t('{0}: found no operation that gives something, expected one', what),
    );
  }
  return {
    inputs: [],
    outputs: ends.map(({ name }) => ({ key: name, name: `${name}:0`, shape: undefined })),
  };
}

/** Outputs are often given a name by identities; identities of variables are how these are read. */
function isOutputIdentity(node: GraphNode, named: ReadonlyMap<string, GraphNode>): boolean {
  const seen = new Set<GraphNode>();
  let source: GraphNode | undefined = node;
  while (source?.op === 'Identity' && !seen.has(source)) {
    seen.add(source);
    source = named.get(dataInputs(source)[0]?.split(':', 1)[0] ?? '');
  }
  if (node.op !== 'Identity' || !source) return false;
  // What names the two ways of a choice gives nothing.
  return !VARIABLE_OPS.has(source.op) && !CHORES.test(source.op) && source.op !== 'Switch';
}
