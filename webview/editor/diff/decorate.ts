import type { FlowNode } from '../graph/elements';
import type { TensorFlowEdge } from '../graph/tensorEdge';
import { indexModel } from '../model/modelIndex';
import type { Scene } from '../outline/scene';
import type { Drawn } from '../state/editorState';
import { shownOf } from './comparison';
import type { Comparison } from './comparison';
import { lineKey } from './unionModel';
import type { Lines } from './unionModel';

export interface Elements {
  readonly nodes: FlowNode[];
  readonly edges: TensorFlowEdge[];
}

/** The elements made last, to be the same objects while they look the same. */
const lastNodes = new WeakMap<FlowNode, { readonly key: string; readonly node: FlowNode }>();
const lastEdges = new WeakMap<TensorFlowEdge, Partial<Record<'added' | 'removed', TensorFlowEdge>>>();

/** Cards and lines with what changed about them: in their class, and in words. */
export function decorate(elements: Elements, drawn: Drawn, comparison: Comparison): Elements {
  const lines = linesOf(drawn, comparison.lines);
  return {
    nodes: elements.nodes.map((node) => decorateNode(node, comparison)),
    edges: elements.edges.map((edge) => {
      const status = lines.get(edge.id);
      return status ? decorateEdge(edge, status) : edge;
    }),
  };
}

function decorateNode(node: FlowNode, comparison: Comparison): FlowNode {
  if (node.type === 'frame') return node;
  const found = shownOf(comparison, { id: node.id, box: node.type === 'box' ? node.data.box : undefined });
  if (!found) return node;
  const words = found.lines.join('\n');
  const key = `${found.status}\n${words}`;
  const last = lastNodes.get(node);
  if (last?.key === key) return last.node;
  const decorated = {
    ...node,
    className: `${node.className ?? ''} diff-${found.status}`,
    domAttributes: { ...node.domAttributes, title: words, 'aria-description': found.lines.join('; ') },
  } as FlowNode;
  lastNodes.set(node, { key, node: decorated });
  return decorated;
}

function decorateEdge(edge: TensorFlowEdge, status: 'added' | 'removed'): TensorFlowEdge {
  const known = lastEdges.get(edge) ?? {};
  lastEdges.set(edge, known);
  return (known[status] ??= { ...edge, className: `diff-line-${status}` });
}

const drawnLines = new WeakMap<Scene, { readonly lines: Lines; readonly made: Lines }>();

/** By the ids of the lines on the canvas; one to or from a closed box is new or gone where all that it stands for are. */
export function linesOf({ scene, model }: Drawn, lines: Lines): Lines {
  const known = drawnLines.get(scene);
  if (known?.lines === lines) return known.made;
  const made = new Map<string, 'added' | 'removed'>();
  const mixed = new Set<string>();
  if (lines.size > 0) {
    for (const { source, target } of indexModel(model).edges) {
      const [from, to] = [
        scene.nodes[scene.shownBy.get(source) ?? -1],
        scene.nodes[scene.shownBy.get(target) ?? -1],
      ];
      if (!from || !to) continue;
      const id = `${from.id}→${to.id}`;
      const status = lines.get(lineKey(source, target));
      const other = made.get(id);
      if (status === undefined || mixed.has(id) || (other !== undefined && other !== status)) {
        mixed.add(id);
        made.delete(id);
      } else made.set(id, status);
    }
  }
  drawnLines.set(scene, { lines, made });
  return made;
}
