import { Position } from 'reactflow';
import type { Node } from 'reactflow';
import type { LayerView } from '../../../src/protocol/editor';
import type { Direction } from '../layout/direction';
import type { Bounds, Point } from '../layout/layoutGraph';
import { indexModel } from '../model/modelIndex';
import type { Box } from '../outline/outline';
import type { Marks } from '../overlay/marks';
import { summaryOf } from '../outline/summary';
import { heightOf } from '../state/drawing';
import type { Drawn, EditorState } from '../state/editorState';
import type { BoxFlowNode } from './boxNode';
import type { FrameFlowNode } from './frameNode';
import { FAULT_ROOM, NODE_SIZE, pathThrough, touches } from './geometry';
import type { Highlight, LayerFlowNode } from './layerNode';
import type { TensorFlowEdge } from './tensorEdge';

export type FlowNode = LayerFlowNode | BoxFlowNode | FrameFlowNode;

export type Highlights = (id: string) => Highlight | undefined;

/**
 * Search hits glow; while a freeze rule is written, or a path is shown, what that speaks of glows and the rest steps
 * back. By layer; a box takes what is strongest in it.
 */
export function highlightsOf({
  lit,
  path,
  search,
}: Pick<EditorState, 'lit' | 'path' | 'search'>): Highlights {
  const set = lit ?? path;
  if (set) return (id) => (set.has(id) ? 'hit' : 'dim');
  if (search.hits.length === 0) return () => undefined;
  const hits = new Set(search.hits);
  const current = search.hits[search.current];
  return (id) => (id === current ? 'current' : hits.has(id) ? 'hit' : undefined);
}

function highlightOfBox(box: Box, highlights: Highlights): Highlight | undefined {
  let strongest: Highlight | undefined = highlights(box.layers[0] ?? '');
  for (const id of box.layers) {
    const highlight = highlights(id);
    if (highlight === 'current') return 'current';
    if (highlight === 'hit') strongest = 'hit';
  }
  return strongest;
}

/** Where lines meet a card, told to React Flow so that it need not measure. */
function handlesOf(direction: Direction, height: number): LayerFlowNode['handles'] {
  const at = (type: 'source' | 'target', position: Position, x: number, y: number) =>
    ({ type, position, x, y, width: 1, height: 1 }) as const;
  return direction === 'down'
    ? [
        at('target', Position.Top, NODE_SIZE.width / 2, 0),
        at('source', Position.Bottom, NODE_SIZE.width / 2, height),
      ]
    : [at('target', Position.Left, 0, height / 2), at('source', Position.Right, NODE_SIZE.width, height / 2)];
}

/** What every card has in common. */
function cardOf(id: string, { x, y }: Point, height: number, direction: Direction, selected: boolean) {
  const size = { width: NODE_SIZE.width, height };
  return {
    id,
    position: { x, y },
    ...size,
    measured: size,
    handles: handlesOf(direction, height),
    draggable: false,
    connectable: false,
    selected,
    // Shift-click on a card adds it; without this class it would begin a box.
    className: 'nokey',
    ariaRole: 'button',
    domAttributes: { 'aria-pressed': selected, 'aria-roledescription': undefined },
  } as const;
}

/** The node made last of each layer and box, to be the same object while nothing that is drawn of it has changed. */
const lastLayers = new WeakMap<LayerView, { node: LayerFlowNode; direction: Direction }>();
const lastBoxes = new WeakMap<Box, { node: BoxFlowNode; direction: Direction }>();
const lastFrames = new WeakMap<Box, FrameFlowNode>();

const sameNode = (node: Node, { x, y }: Point, height: number) =>
  node.position.x === x && node.position.y === y && node.height === height;

/**
 * @param seen only what touches this area is made, and the ends of lines that do; everything where left out
 * @param marks what the overlay shows, while there is one
 */
export function buildElements(
  drawn: Drawn,
  { selection, lit, path, search }: Pick<EditorState, 'selection' | 'lit' | 'path' | 'search'>,
  seen?: Bounds,
  marks?: Marks,
): { readonly nodes: FlowNode[]; readonly edges: TensorFlowEdge[] } {
  const { edges, ends } = buildEdges(drawn, selection, path, seen);
  return {
    nodes: buildNodes(drawn, selection, highlightsOf({ lit, path, search }), seen, ends, marks),
    edges,
  };
}

function buildNodes(
  drawn: Drawn,
  selection: ReadonlySet<string>,
  highlights: Highlights,
  seen: Bounds | undefined,
  ends: ReadonlySet<number>,
  marks: Marks | undefined,
): FlowNode[] {
  const { scene, layout, direction } = drawn;
  const index = indexModel(drawn.model);
  const nodes: FlowNode[] = [];
  const depths: number[] = [];
  scene.frames.forEach(({ box, parent }, frame) => {
    const depth = parent < 0 ? 0 : depths[parent]! + 1;
    depths.push(depth);
    const bounds = layout.frames[frame]!;
    if (!seen || touches(bounds, seen)) nodes.push(frameNode(box, bounds, depth, selection));
  });
  scene.nodes.forEach(({ id, box }, place) => {
    const position = layout.positions[place]!;
    if (seen && !ends.has(place) && areFar(position, position, seen)) return;
    const layer = box ? undefined : index.byId.get(id);
    const height = heightOf(layer);
    const isSeen = !seen || ends.has(place) || touches({ ...position, width: NODE_SIZE.width, height }, seen);
    if (!isSeen) return;
    const mark = marks?.of.get(id);
    if (box) {
      const selected = box.layers.every((member) => selection.has(member));
      const highlight = highlightOfBox(box, highlights);
      const summary = summaryOf(index, box);
      const last = lastBoxes.get(box);
      const data = last?.node.data;
      const same =
        last?.direction === direction &&
        data?.selected === selected &&
        data.highlight === highlight &&
        data.summary === summary &&
        data.mark === mark &&
        sameNode(last.node, position, height);
      const node: BoxFlowNode = same
        ? last.node
        : {
            ...cardOf(id, position, height, direction, selected),
            type: 'box',
            domAttributes: {
              'aria-pressed': selected,
              'aria-expanded': false,
              'aria-roledescription': undefined,
            },
            data: { box, summary, selected, highlight, mark },
          };
      lastBoxes.set(box, { node, direction });
      nodes.push(node);
    } else if (layer) {
      const selected = selection.has(id);
      const highlight = highlights(id);
      const last = lastLayers.get(layer);
      const data = last?.node.data;
      const same =
        last?.direction === direction &&
        data?.selected === selected &&
        data.highlight === highlight &&
        data.mark === mark &&
        sameNode(last.node, position, height);
      const node: LayerFlowNode = same
        ? last.node
        : {
            ...cardOf(id, position, height, direction, selected),
            type: 'layer',
            // The words of its fault hang over the line that leaves it.
            zIndex: layer.faults.length > 0 ? 2 : 0,
            data: { layer, selected, highlight, mark },
          };
      lastLayers.set(layer, { node, direction });
      nodes.push(node);
    }
  });
  return nodes;
}

/** Frames lie behind the lines, the inner ones over the outer. */
const LOWEST = -1000;

function frameNode(
  box: Box,
  { x, y, width, height }: Bounds,
  depth: number,
  selection: ReadonlySet<string>,
): FrameFlowNode {
  const selected = selection.size >= box.layers.length && box.layers.every((id) => selection.has(id));
  const last = lastFrames.get(box);
  if (
    last &&
    last.data.selected === selected &&
    last.data.depth === depth &&
    last.width === width &&
    sameNode(last, { x, y }, height)
  ) {
    return last;
  }
  const node: FrameFlowNode = {
    id: box.id,
    type: 'frame',
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: [],
    draggable: false,
    connectable: false,
    selectable: false,
    focusable: false,
    zIndex: LOWEST + depth,
    className: 'nokey',
    // The canvas is dragged through a frame; its title takes the pointer itself.
    style: { pointerEvents: 'none' },
    domAttributes: { 'aria-roledescription': undefined },
    data: { box, depth, selected },
  };
  lastFrames.set(box, node);
  return node;
}

const lastEdges = new WeakMap<readonly (readonly Point[])[], TensorFlowEdge>();

function buildEdges(
  { model, scene, layout, direction }: Drawn,
  selection: ReadonlySet<string>,
  path: EditorState['path'],
  seen: Bounds | undefined,
): { readonly edges: TensorFlowEdge[]; readonly ends: ReadonlySet<number> } {
  const { byId } = indexModel(model);
  const isNear = (node: number) => {
    if (selection.size === 0) return false;
    const { id, box } = scene.nodes[node]!;
    return box ? box.layers.every((layer) => selection.has(layer)) : selection.has(id);
  };
  const isOnPath = (node: number) => {
    if (!path) return false;
    const { id, box } = scene.nodes[node]!;
    return box ? box.layers.some((layer) => path.has(layer)) : path.has(id);
  };
  const edges: TensorFlowEdge[] = [];
  const ends = new Set<number>();
  const area = (node: number): Bounds => {
    const { id, box } = scene.nodes[node]!;
    return {
      ...layout.positions[node]!,
      width: NODE_SIZE.width,
      height: heightOf(box ? undefined : byId.get(id)),
    };
  };
  scene.edges.forEach(({ id, from, to }, place) => {
    const route = layout.routes[place]!;
    if (seen && areFar(layout.positions[from]!, layout.positions[to]!, seen)) return;
    if (seen && !touches(spanOf(area(from), area(to)), seen)) return;
    ends.add(from).add(to);
    const near = isNear(from) || isNear(to);
    const lit = path !== null && isOnPath(from) && isOnPath(to);
    const last = lastEdges.get(route);
    if (last?.data?.near === near && last.data.lit === lit) {
      edges.push(last);
      return;
    }
    const edge: TensorFlowEdge = {
      id,
      source: scene.nodes[from]!.id,
      target: scene.nodes[to]!.id,
      type: 'tensor',
      selectable: false,
      focusable: false,
      zIndex: near || lit ? 1 : 0,
      domAttributes: { 'aria-hidden': true },
      data: { path: pathThrough(route, direction), near, lit },
    };
    lastEdges.set(route, edge);
    edges.push(edge);
  });
  return { edges, ends };
}

/** Whether two cards at these corners, and what is between them, lie outside an area: told of most without a closer look. */
function areFar(a: Point, b: Point, { x, y, width, height }: Bounds): boolean {
  return (
    Math.min(a.x, b.x) >= x + width ||
    Math.min(a.y, b.y) >= y + height ||
    Math.max(a.x, b.x) + NODE_SIZE.width <= x ||
    Math.max(a.y, b.y) + NODE_SIZE.height + FAULT_ROOM <= y
  );
}

function spanOf(a: Bounds, b: Bounds): Bounds {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
