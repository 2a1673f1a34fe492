import { Position } from 'reactflow';
import type { LayerView } from '../../../src/protocol/editor';
import type { Point } from '../layout/layoutGraph';
import { indexModel } from '../model/modelIndex';
import type { Drawn, EditorState } from '../state/editorState';
import { NODE_SIZE, pathThrough } from './geometry';
import type { Highlight, LayerFlowNode } from './layerNode';
import type { TensorFlowEdge } from './tensorEdge';

/** Where edges meet a card, told to React Flow so that it need not measure. */
const HANDLES: LayerFlowNode['handles'] = [
  { type: 'target', position: Position.Top, x: NODE_SIZE.width / 2, y: 0, width: 1, height: 1 },
  {
    type: 'source',
    position: Position.Bottom,
    x: NODE_SIZE.width / 2,
    y: NODE_SIZE.height,
    width: 1,
    height: 1,
  },
];

export type Highlights = ReadonlyMap<string, Highlight>;

/** Search hits glow; while a freeze rule is written, what it speaks of glows and the rest steps back. */
export function highlightsOf(
  drawn: Drawn,
  lit: EditorState['lit'],
  search: EditorState['search'],
): Highlights {
  if (lit) {
    return new Map(
      drawn.model.layers.map(({ id }): [string, Highlight] => [id, lit.has(id) ? 'hit' : 'dim']),
    );
  }
  return new Map(
    search.hits.map((id, place): [string, Highlight] => [id, place === search.current ? 'current' : 'hit']),
  );
}

/** The node made last of each layer, to be the same object while nothing that is drawn of it has changed. */
const lastNodes = new WeakMap<LayerView, LayerFlowNode>();

export function buildNodes(
  { model, layout }: Drawn,
  selection: ReadonlySet<string>,
  highlights: Highlights,
): LayerFlowNode[] {
  return model.layers.map((layer, place) => {
    const position = layout.positions[place] ?? { x: 0, y: 0 };
    const selected = selection.has(layer.id);
    const highlight = highlights.get(layer.id);
    const last = lastNodes.get(layer);
    const same =
      last?.data.selected === selected &&
      last.data.highlight === highlight &&
      last.position.x === position.x &&
      last.position.y === position.y;
    if (same) return last;
    const node: LayerFlowNode = {
      id: layer.id,
      type: 'layer',
      position: { ...position },
      ...NODE_SIZE,
      measured: NODE_SIZE,
      handles: HANDLES,
      draggable: false,
      connectable: false,
      selected,
      // Its words hang over the lines below it.
      zIndex: layer.faults.length > 0 ? 2 : 0,
      // Shift-click on a card adds it; without this class it would begin a box.
      className: 'nokey',
      ariaRole: 'button',
      domAttributes: { 'aria-pressed': selected, 'aria-roledescription': undefined },
      data: { layer, selected, highlight },
    };
    lastNodes.set(layer, node);
    return node;
  });
}

const lastEdges = new WeakMap<readonly Point[], TensorFlowEdge>();

export function buildEdges({ model, layout }: Drawn, selection: ReadonlySet<string>): TensorFlowEdge[] {
  return indexModel(model).edges.map(({ source, target }, place) => {
    const route = layout.routes[place] ?? [];
    const near = selection.has(source) || selection.has(target);
    const last = lastEdges.get(route);
    if (last?.data?.near === near) return last;
    const edge: TensorFlowEdge = {
      id: `${source}→${target}`,
      source,
      target,
      type: 'tensor',
      selectable: false,
      focusable: false,
      zIndex: near ? 1 : 0,
      domAttributes: { 'aria-hidden': true },
      data: { path: pathThrough(route), near },
    };
    lastEdges.set(route, edge);
    return edge;
  });
}
