import type { ModelView } from '../../../src/protocol/editor';
import { NODE_SIZE } from '../graph/geometry';
import type { LayoutService } from '../layout/layoutService';
import { indexModel, structureOf } from '../model/modelIndex';
import type { EditorState } from './editorState';
import type { Store } from './store';

/**
 * Keeps what is drawn up with the model: laid out anew where boxes or lines changed, else where it was. Until a
 * layout is there the model before stays on the canvas.
 */
export function drawModels(store: Store<EditorState>, service: LayoutService): void {
  let model: ModelView | null = null;
  store.subscribe(() => {
    const state = store.get();
    if (state.model === model) return;
    model = state.model;
    if (model === null) return;
    const next = model;
    const { drawn } = state;
    if (drawn && structureOf(drawn.model) === structureOf(next)) {
      store.set({ drawn: { model: next, layout: drawn.layout } });
      return;
    }
    const nodes = next.layers.map(({ id, group }) => ({ id, ...NODE_SIZE, group: group.join('/') }));
    service.request(nodes, indexModel(next).edges, (layout) => {
      if (store.get().model === next) store.set({ drawn: { model: next, layout } });
    });
  });
}
