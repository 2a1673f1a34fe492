import { useEffect, useMemo, useRef } from 'react';
import type { MouseEvent } from 'react';
import { Background, MiniMap, ReactFlow, ReactFlowProvider, useReactFlow } from 'reactflow';
import type { NodeChange, NodeTypes, EdgeTypes } from 'reactflow';
import 'reactflow/dist/base.css';
import './graph.css';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import type { Drawn } from '../state/editorState';
import { CanvasControls } from './canvasControls';
import { buildEdges, buildNodes, highlightsOf } from './elements';
import { NODE_SIZE, openingView } from './geometry';
import { LayerNode } from './layerNode';
import type { LayerFlowNode } from './layerNode';
import { ArrowHeads, TensorEdge } from './tensorEdge';
import type { TensorFlowEdge } from './tensorEdge';

const nodeTypes: NodeTypes = { layer: LayerNode };
const edgeTypes: EdgeTypes = { tensor: TensorEdge };

/** The map draws an element a node. */
const MAP_AT_MOST = 1000;
/** A graph of fewer nodes is seen whole. */
const MAP_AT_LEAST = 12;
const MAP_SIZE = { width: 136, height: 176 };

/** Room for what floats over the canvas. */
const FIT_PADDING = { top: '72px', right: '32px', bottom: '32px', left: '56px' } as const;

const SELECT_WITH = ['Meta', 'Control', 'Shift'];
/** The wheel pans, as deep graphs want it; with these, or by a pinch, it zooms around the pointer, as in Figma. */
const ZOOM_WITH = ['Meta', 'Control'];

/** Zoomed out further, a large graph would put every card into the page at once. */
function leastZoom(layers: number): number {
  return layers > 1000 ? 0.1 : 0.02;
}

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
  const { nodes, edges } = useElements(drawn);
  const frame = useRef<HTMLDivElement>(null);
  const boxing = useRef(false);
  useCamera(frame, drawn);

  const onNodesChange = (changes: NodeChange<LayerFlowNode>[]) => {
    // A click is handled below; React Flow's own idea of it would leave a second choice beside ours.
    if (!boxing.current) return;
    const selection = new Set(store.get().selection);
    for (const change of changes) {
      if (change.type !== 'select') continue;
      if (change.selected) selection.add(change.id);
      else selection.delete(change.id);
    }
    store.set({ selection, anchor: [...selection].at(-1) ?? null });
  };
  const onNodeClick = (event: MouseEvent, { id }: LayerFlowNode) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) controller.toggle(id);
    else controller.select([id]);
  };
  const onNodeContextMenu = (event: MouseEvent, { id }: LayerFlowNode) => {
    event.preventDefault();
    if (!store.get().selection.has(id)) controller.select([id]);
    store.set({ menu: { x: event.clientX, y: event.clientY } });
  };

  return (
    <div className="canvas" ref={frame}>
      <ArrowHeads />
      <ReactFlow<LayerFlowNode, TensorFlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultViewport={bridge.remembered().viewport ?? { x: 0, y: 0, zoom: 1 }}
        minZoom={leastZoom(nodes.length)}
        maxZoom={2}
        onlyRenderVisibleElements
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={SELECT_WITH}
        panOnScroll
        zoomActivationKeyCode={ZOOM_WITH}
        zoomOnDoubleClick={false}
        elevateNodesOnSelect={false}
        proOptions={{ hideAttribution: true }}
        onNodesChange={onNodesChange}
        onNodeClick={onNodeClick}
        onNodeContextMenu={onNodeContextMenu}
        onPaneClick={() => controller.clearSelection()}
        onPaneContextMenu={(event) => event.preventDefault()}
        onSelectionStart={() => {
          boxing.current = true;
        }}
        onSelectionEnd={() => {
          boxing.current = false;
        }}
        onMoveStart={() => store.set({ menu: null })}
        onMoveEnd={(_event, viewport) => bridge.remember({ viewport })}
      >
        <Background gap={24} size={2} />
        {nodes.length >= MAP_AT_LEAST && nodes.length <= MAP_AT_MOST ? (
          <MiniMap<LayerFlowNode>
            pannable
            zoomable
            ariaLabel="Overview of the graph"
            style={MAP_SIZE}
            nodeBorderRadius={12}
            nodeClassName={({ data }) => `map-${data.layer.family}${data.selected ? ' map-selected' : ''}`}
          />
        ) : null}
      </ReactFlow>
      <CanvasControls />
    </div>
  );
}

function useElements(drawn: Drawn): { nodes: LayerFlowNode[]; edges: TensorFlowEdge[] } {
  const selection = useEditorState((state) => state.selection);
  const lit = useEditorState((state) => state.lit);
  const search = useEditorState((state) => state.search);
  const nodes = useMemo(
    () => buildNodes(drawn, selection, highlightsOf(drawn, lit, search)),
    [drawn, selection, lit, search],
  );
  const edges = useMemo(() => buildEdges(drawn, selection), [drawn, selection]);
  return { nodes, edges };
}

/** Gives the controller its camera, and looks at the model when it is first drawn or has gone out of sight. */
function useCamera(frame: React.RefObject<HTMLDivElement | null>, drawn: Drawn): void {
  const { controller, bridge } = useEditor();
  const flow = useReactFlow<LayerFlowNode, TensorFlowEdge>();
  const latest = useRef(drawn);
  const opened = useRef(false);

  useEffect(() => {
    const before = latest.current;
    latest.current = drawn;
    const known = indexModel(before.model).byId;
    const added = drawn.model.layers.filter(({ id, grafted }) => grafted && !known.has(id));
    // What was just grafted is what one wants to look at next.
    if (before !== drawn && added.length > 0)
      controller.select(
        added.map(({ id }) => id),
        { reveal: true },
      );
  }, [controller, drawn]);

  useEffect(() => {
    const duration = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180);
    return controller.attachCamera({
      fit: () => void flow.fitView({ padding: FIT_PADDING, maxZoom: 1, duration: duration() }),
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor, { duration: duration() }),
      reveal: (id) => {
        const { model, layout } = latest.current;
        const position = layout.positions[model.layers.findIndex((layer) => layer.id === id)];
        const size = frame.current?.getBoundingClientRect();
        if (!position || !size) return;
        const { x, y, zoom } = flow.getViewport();
        const margin = 48;
        const left = position.x * zoom + x;
        const top = position.y * zoom + y;
        const inside =
          zoom >= 0.4 &&
          left >= margin &&
          top >= margin &&
          left + NODE_SIZE.width * zoom <= size.width - margin &&
          top + NODE_SIZE.height * zoom <= size.height - margin;
        if (inside) return;
        void flow.setCenter(position.x + NODE_SIZE.width / 2, position.y + NODE_SIZE.height / 2, {
          zoom: Math.max(zoom, 0.8),
          duration: duration(),
        });
      },
    });
  }, [controller, flow, frame]);

  useEffect(() => {
    const size = frame.current?.getBoundingClientRect();
    if (!size) return;
    const { bounds } = drawn.layout;
    const { x, y, zoom } = flow.getViewport();
    const unseen =
      bounds.y * zoom + y > size.height ||
      (bounds.y + bounds.height) * zoom + y < 0 ||
      bounds.x * zoom + x > size.width ||
      (bounds.x + bounds.width) * zoom + x < 0;
    const first = !opened.current && bridge.remembered().viewport === undefined;
    opened.current = true;
    if (first) void flow.setViewport(openingView(bounds, size.width, size.height));
    else if (unseen) controller.fit();
  }, [bridge, controller, drawn, flow, frame]);
}
