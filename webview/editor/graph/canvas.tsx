import { useEffect, useMemo, useRef } from 'react';
import type { MouseEvent } from 'react';
import {
  Background,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore as useFlowStore,
} from 'reactflow';
import type { EdgeTypes, NodeChange, NodeTypes } from 'reactflow';
import 'reactflow/dist/base.css';
import './graph.css';
import { decorate } from '../diff/decorate';
import { useEditor, useEditorState } from '../editorContext';
import { DiffPanel, PictureDialog } from '../app/later';
import { indexModel } from '../model/modelIndex';
import { Overlays } from '../overlay/overlays';
import { useMarks } from '../overlay/useMarks';
import type { Drawn } from '../state/editorState';
import { BoxNode } from './boxNode';
import { Breadcrumbs } from './breadcrumbs';
import { useCamera } from './camera';
import { CanvasControls } from './canvasControls';
import { edgeAt } from './edgeAt';
import { buildElements } from './elements';
import type { FlowNode } from './elements';
import { FrameNode } from './frameNode';
import { LEAST_ZOOM, NODE_SIZE } from './geometry';
import { InsertHandle } from './insertHandle';
import { LayerNode } from './layerNode';
import { useModelDrop } from './modelDrop';
import { Overview } from './overview';
import { ArrowHeads, TensorEdge } from './tensorEdge';
import type { TensorFlowEdge } from './tensorEdge';
import { windowKey, windowOf } from './window';
import type { Window } from './window';
import { t } from '../../../src/l10n/translate';

const nodeTypes: NodeTypes = { layer: LayerNode, box: BoxNode, frame: FrameNode };
const edgeTypes: EdgeTypes = { tensor: TensorEdge };

/** The map draws an element a node. */
const MAP_AT_MOST = 1000;
/** A graph of fewer nodes is seen whole. */
const MAP_AT_LEAST = 12;
/** A line is pressed from so many pixels away. */
const REACH = 8;
const MAP_SIZE = { width: 136, height: 176 };

const SELECT_WITH = ['Meta', 'Control', 'Shift'];
/** The wheel pans, as deep graphs want it; with these, or by a pinch, it zooms around the pointer, as in Figma. */
const ZOOM_WITH = ['Meta', 'Control'];

export function Canvas() {
  const drawn = useEditorState((state) => state.drawn);
  return drawn ? (
    <ReactFlowProvider>
      <Graph drawn={drawn} />
    </ReactFlowProvider>
  ) : null;
}

function Graph({ drawn }: { readonly drawn: Drawn }) {
  const { controller, store, bridge } = useEditor();
  const frame = useRef<HTMLDivElement>(null);
  const boxing = useRef(false);
  const picturing = useEditorState((state) => state.picturing);
  const comparing = useEditorState((state) => state.comparing !== null);
  const flow = useReactFlow();
  useCamera(frame, drawn);
  const window = useWindow(drawn);
  const { nodes, edges } = useElements(drawn, window);
  useFollowGrafts(drawn);
  useRemembered();

  const onNodesChange = (changes: NodeChange<FlowNode>[]) => {
    // A click is handled below; React Flow's own idea of it would leave a second choice beside ours.
    if (!boxing.current) return;
    const selection = new Set(store.get().selection);
    for (const change of changes) {
      if (change.type !== 'select') continue;
      const layers = drawn.scene.outline.boxes.get(change.id)?.layers ?? [change.id];
      for (const id of layers) {
        if (change.selected) selection.add(id);
        else selection.delete(id);
      }
    }
    store.set({ selection, anchor: [...selection].at(-1) ?? null });
  };
  /** As in a list of files: Shift takes all up to it, with Ctrl added to what is selected. */
  const selectWith = (event: MouseEvent, id: string) => {
    const adds = event.ctrlKey || event.metaKey;
    if (event.shiftKey) controller.selectRange(id, adds);
    else if (adds) controller.toggle(id);
    else controller.selectNode(id);
  };
  const onNodeClick = (event: MouseEvent, { id }: FlowNode) => {
    selectWith(event, id);
  };
  const onNodeDoubleClick = (_event: MouseEvent, { id, type }: FlowNode) => {
    if (type === 'box') controller.openBox(id);
    else if (type === 'frame') controller.closeBox(id);
  };
  const onNodeContextMenu = (event: MouseEvent, { id }: FlowNode) => {
    event.preventDefault();
    const layers = drawn.scene.outline.boxes.get(id)?.layers ?? [id];
    if (!layers.every((layer) => store.get().selection.has(layer))) controller.selectNode(id);
    store.set({ menu: { x: event.clientX, y: event.clientY } });
  };
  const onPaneContextMenu = (event: MouseEvent | globalThis.MouseEvent) => {
    event.preventDefault();
    const { clientX: x, clientY: y } = event;
    const place = edgeAt(drawn, flow.screenToFlowPosition({ x, y }), REACH / flow.getZoom());
    const edge = place === undefined ? undefined : drawn.scene.edges[place];
    const [from, to] = [drawn.scene.nodes[edge?.from ?? -1]?.id, drawn.scene.nodes[edge?.to ?? -1]?.id];
    if (from !== undefined && to !== undefined) store.set({ menu: { x, y, edge: { from, to } } });
  };
  const onPaneClick = (event: MouseEvent) => {
    const id = window === 'overview' ? paintedAt(event) : undefined;
    if (id === undefined) controller.clearSelection();
    else selectWith(event, id);
  };
  /** The card painted under the pointer. */
  function paintedAt(event: MouseEvent): string | undefined {
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const { width, height } = NODE_SIZE;
    const place = drawn.layout.positions.findIndex(
      (at) => at.x <= x && x <= at.x + width && at.y <= y && y <= at.y + height,
    );
    return drawn.scene.nodes[place]?.id;
  }

  const drop = useModelDrop();
  const cards = drawn.scene.nodes.length;
  return (
    <div className="canvas" ref={frame} {...drop}>
      <ArrowHeads />
      <ReactFlow<FlowNode, TensorFlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultViewport={bridge.remembered().viewport ?? { x: 0, y: 0, zoom: 1 }}
        minZoom={LEAST_ZOOM}
        maxZoom={2}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        // A plain drag pans already; this one would take the space bar from every checkbox of the page.
        panActivationKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={SELECT_WITH}
        panOnScroll
        zoomActivationKeyCode={ZOOM_WITH}
        zoomOnDoubleClick={false}
        elevateNodesOnSelect={false}
        proOptions={{ hideAttribution: true }}
        onNodesChange={onNodesChange}
        onNodeClick={onNodeClick}
        onNodeDoubleClick={onNodeDoubleClick}
        onNodeContextMenu={onNodeContextMenu}
        onPaneClick={onPaneClick}
        onPaneContextMenu={onPaneContextMenu}
        onSelectionStart={() => {
          boxing.current = true;
        }}
        onSelectionEnd={() => {
          boxing.current = false;
        }}
        onMoveStart={() => store.set({ menu: null })}
        onMoveEnd={(_event, viewport) => bridge.remember({ viewport })}
      >
        {window === 'overview' ? <Overview drawn={drawn} /> : <Background gap={24} size={2} />}
        {window === 'overview' ? null : <InsertHandle drawn={drawn} canvas={frame} />}
        {cards >= MAP_AT_LEAST && cards <= MAP_AT_MOST && window !== 'overview' ? (
          <MiniMap<FlowNode>
            pannable
            zoomable
            ariaLabel={t('Overview of the graph')}
            style={MAP_SIZE}
            nodeBorderRadius={12}
            nodeClassName={mapClass}
          />
        ) : null}
      </ReactFlow>
      <CanvasControls />
      {comparing ? <DiffPanel /> : null}
      {picturing ? <PictureDialog drawn={drawn} /> : null}
      <Overlays drawn={drawn} />
      <Breadcrumbs drawn={drawn} />
    </div>
  );
}

function mapClass(node: FlowNode): string {
  const family = node.type === 'layer' ? node.data.layer.family : (node.type ?? 'box');
  return `map-${family}${node.data.selected ? ' map-selected' : ''}`;
}

function useElements(drawn: Drawn, window: Window) {
  const selection = useEditorState((state) => state.selection);
  const lit = useEditorState((state) => state.lit);
  const path = useEditorState((state) => state.path);
  const search = useEditorState((state) => state.search);
  const marks = useMarks(drawn);
  const comparison = useEditorState((state) => state.comparison);
  return useMemo(() => {
    if (window === 'none' || window === 'overview') return NOTHING;
    const seen = window === 'all' ? undefined : window;
    const elements = buildElements(drawn, { selection, lit, path, search }, seen, marks);
    return comparison ? decorate(elements, drawn, comparison) : elements;
  }, [drawn, selection, lit, path, search, window, marks, comparison]);
}

const NOTHING: ReturnType<typeof buildElements> = { nodes: [], edges: [] };

/** What of the drawing is given to the page, as the view moves. */
function useWindow(drawn: Drawn): Window {
  const key = useFlowStore(({ transform: [x, y, zoom], width, height }) =>
    windowKey(drawn, { x, y, zoom }, width, height),
  );
  return useMemo(() => windowOf(key), [key]);
}

/** What was just grafted is what one wants to look at next. */
function useFollowGrafts(drawn: Drawn): void {
  const { controller } = useEditor();
  const latest = useRef(drawn);
  useEffect(() => {
    const before = latest.current;
    latest.current = drawn;
    if (before.model === drawn.model) return;
    const known = indexModel(before.model).byId;
    const added = drawn.model.layers.filter(({ id, grafted }) => grafted && !known.has(id));
    if (added.length > 0)
      controller.select(
        added.map(({ id }) => id),
        { reveal: true },
      );
  }, [controller, drawn]);
}

/** VS Code keeps what is open, and the direction, while the editor is away. */
function useRemembered(): void {
  const { bridge } = useEditor();
  const openness = useEditorState((state) => state.openness);
  const direction = useEditorState((state) => state.direction);
  useEffect(() => {
    if (openness === null) return;
    bridge.remember({ direction, open: openness === 'flat' ? 'flat' : [...openness] });
  }, [bridge, openness, direction]);
}
