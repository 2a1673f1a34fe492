import { MAX_PATH_STEPS } from './bounds';
import type { OnnxNode } from './proto';

/**
 * What people call each node. PyTorch's `/layer1/layer1.0/conv1/Conv` is the module `layer1.0.conv1`, the operator's
 * name left off where its module is nothing else; a node without a name has its output's.
 */
export function nodeNames(nodes: readonly OnnxNode[]): ReadonlyMap<OnnxNode, string> {
  const paths = new Map(nodes.map((node, index) => [node, pathOf(node, index)] as const));
  /** How many nodes stand in, or under, each path. */
  const under = new Map<string, number>();
  for (const path of paths.values()) {
    for (let depth = 1; depth < path.length; depth++) {
      const key = path.slice(0, depth).join('/');
      under.set(key, (under.get(key) ?? 0) + 1);
    }
  }
  const names = new Map<OnnxNode, string>();
  for (const [node, path] of paths) {
    const parent = path.slice(0, -1);
    const isAlone = parent.length > 0 && under.get(parent.join('/')) === 1;
    const namesOperator = path.at(-1)?.replace(/_\d+$/, '') === node.op;
    names.set(node, (isAlone && namesOperator ? parent : path).join('.'));
  }
  return names;
}

/** PyTorch repeats a parent's name in its child's: `layer1/layer1.0` is one step, `layer1.0`. */
function pathOf(node: OnnxNode, index: number): readonly string[] {
  const given = node.name || node.outputs.find((output) => output !== '') || `${node.op}_${index}`;
  const steps = given.split('/').filter((step) => step !== '');
  if (steps.length > MAX_PATH_STEPS) return [given];
  const path: string[] = [];
  for (const step of steps) {
    const last = path.at(-1);
    if (last !== undefined && step.startsWith(`${last}.`)) path[path.length - 1] = step;
    else path.push(step);
  }
  return path.length > 0 ? path : [`${node.op}_${index}`];
}
