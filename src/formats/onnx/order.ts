import { Failure } from '../../core/failure';
import { showNames } from '../../core/graph/order';
import type { OnnxModel, OnnxNode } from './proto';
import { t } from '../../l10n/translate';

/** Who makes and who reads each tensor of a graph. */
export interface Wiring {
  /** Every node after those that make what it reads; the file's order wherever that is one. */
  readonly nodes: readonly OnnxNode[];
  readonly readers: ReadonlyMap<string, readonly OnnxNode[]>;
}

/**
 * @throws Failure `ONNX_DUPLICATE` for a tensor that two make, `ONNX_DANGLING` for one that nobody makes, `GRAPH_CYCLE`
 */
export function wire({ nodes, constants, inputs, outputs }: OnnxModel): Wiring {
  const held = new Set(constants.map(({ name }) => name));
  if (held.size < constants.length) throw duplicate(constants.map(({ name }) => name));
  const makers = new Map<string, OnnxNode>();
  // Models of IR version 3 list their initializers among the inputs.
  const fed = inputs.map(({ name }) => name).filter((name) => !held.has(name));
  const made = new Set([...held, ...fed]);
  if (made.size < held.size + fed.length) throw duplicate(fed);
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (made.has(output)) throw duplicate([output, output]);
      made.add(output);
      makers.set(output, node);
    }
  }
  const readers = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      if (input !== '' && !made.has(input)) {
        throw dangling(input, t('an input of {0} "{1}"', node.op, node.name || (node.outputs[0] ?? '')));
      }
      const list = readers.get(input);
      if (!list) readers.set(input, [node]);
      else if (list.at(-1) !== node) list.push(node);
    }
  }
  for (const { name } of outputs) if (!made.has(name)) throw dangling(name, t('an output of the model'));
  return { nodes: sortNodes(nodes, makers), readers };
}

/** Depth first without recursion: graphs are thousands of nodes deep. */
function sortNodes(nodes: readonly OnnxNode[], makers: ReadonlyMap<string, OnnxNode>): readonly OnnxNode[] {
  const sorted = new Set<OnnxNode>();
  const open = new Set<OnnxNode>();
  for (const start of nodes) {
    if (sorted.has(start)) continue;
    const stack = [{ node: start, next: 0 }];
    open.add(start);
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const input = frame.node.inputs[frame.next++];
      if (input === undefined) {
        open.delete(frame.node);
        sorted.add(frame.node);
        stack.pop();
        continue;
      }
      const maker = makers.get(input);
      if (!maker || sorted.has(maker)) continue;
      if (open.has(maker)) throw cycle([...open]);
      open.add(maker);
      stack.push({ node: maker, next: 0 });
    }
  }
  return [...sorted];
}

function cycle(nodes: readonly OnnxNode[]): Failure {
  const names = nodes.map((node) => node.name || (node.outputs[0] ?? node.op));
  return new Failure(
    'input',
    'GRAPH_CYCLE',
    t(
      'nodes feed each other in a circle, among {0}; expected each node to be fed by earlier ones',
      showNames(names),
    ),
  );
}

function duplicate(names: readonly string[]): Failure {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size) ?? names[0] ?? '';
  return new Failure(
    'input',
    'ONNX_DUPLICATE',
    t('found two tensors named "{0}", expected names that differ', twice),
  );
}

function dangling(name: string, what: string): Failure {
  return new Failure(
    'input',
    'ONNX_DANGLING',
    t(
      'found "{0}" as {1}, which no node, input or initializer makes; expected a tensor of the graph',
      name,
      what,
    ),
  );
}
