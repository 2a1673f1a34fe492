import type { LayerView, ModelView } from '../../../src/protocol/editor';
import { FAULT_ROOM, NODE_SIZE } from '../graph/geometry';
import type { Direction } from '../layout/direction';
import type { LayoutService } from '../layout/layoutService';
import type { NestedGraph } from '../layout/nested';
import { indexModel } from '../model/modelIndex';
import { outlineOf } from '../outline/outline';
import type { Outline } from '../outline/outline';
import { firstOpenness, sceneOf } from '../outline/scene';
import type { Openness, Scene } from '../outline/scene';
import type { EditorState } from './editorState';
import { canvasModel } from '../diff/comparison';
import type { Store } from './store';

/**
 * Keeps what is drawn up with the model, with the boxes that are open, and with the direction: laid out anew where
 * cards or lines changed, else where it was. Until a layout is there what was drawn before stays on the canvas.
 */
export function drawModels(store: Store<EditorState>, service: LayoutService): void {
  const scenes = rememberScene();
  let shown: { model: ModelView; openness: Openness; direction: Direction } | undefined;
  store.subscribe(() => {
    const { openness, direction, drawn } = store.get();
    const model = canvasModel(store.get());
    if (model === null) {
      shown = undefined;
      return;
    }
    service.prepare(model.layers.length);
    if (openness === null) {
      // Comes back here with it.
      store.set({ openness: firstOpenness(outlineOf(model), model.layers.length) });
      return;
    }
    if (shown?.model === model && shown.openness === openness && shown.direction === direction) return;
    const next = { model, openness, direction };
    shown = next;
    const scene = scenes(model, openness);
    if (drawn?.scene === scene && drawn.direction === direction && sameHeights(scene, drawn.model, model)) {
      store.set({ drawn: { ...drawn, model } });
      return;
    }
    service.request(toNestedGraph(scene, model, direction), (layout) => {
      if (shown === next) store.set({ drawn: { ...next, scene, layout } });
    });
  });
}

/** The same scene again while it is made of the same things: a layout made for it then fits. */
function rememberScene() {
  let last: { outline: Outline; openness: Openness; edges: unknown; scene: Scene } | undefined;
  return (model: ModelView, openness: Openness): Scene => {
    const index = indexModel(model);
    const outline = outlineOf(model);
    if (last?.openness !== openness || last.outline !== outline || last.edges !== index.edges) {
      last = { outline, openness, edges: index.edges, scene: sceneOf(outline, openness, index) };
    }
    return last.scene;
  };
}

/** The words of a fault hang below its card; no line and no card is put there. */
export function heightOf(layer: LayerView | undefined): number {
  return layer?.faults.some(({ severity }) => severity === 'error')
    ? NODE_SIZE.height + FAULT_ROOM
    : NODE_SIZE.height;
}

function sameHeights(scene: Scene, before: ModelView, after: ModelView): boolean {
  if (before.faults.length === 0 && after.faults.length === 0) return true;
  const [old, now] = [indexModel(before).byId, indexModel(after).byId];
  return scene.nodes.every(
    ({ id, box }) => box !== undefined || heightOf(old.get(id)) === heightOf(now.get(id)),
  );
}

function toNestedGraph(scene: Scene, model: ModelView, direction: Direction): NestedGraph {
  const { byId } = indexModel(model);
  return {
    nodes: scene.nodes.map(({ id, box, frame }) => {
      const layer = box ? undefined : byId.get(id);
      const group = layer && layer.group.length > 0 ? layer.group.join('/') : '';
      return { width: NODE_SIZE.width, height: heightOf(layer), frame, group };
    }),
    frames: scene.frames.map(({ parent }) => ({ parent })),
    edges: scene.edges.map(({ from, to }) => ({ from, to })),
    direction,
  };
}
