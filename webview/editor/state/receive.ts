import type { HostToEditor, ModelView } from '../../../src/protocol/editor';
import { indexModel } from '../model/modelIndex';
import { searchLayers } from '../model/matching';
import type { EditorState } from './editorState';

type Shown = Exclude<HostToEditor, { readonly type: 'command' }>;

/** The new model with the old objects for layers that say the same, so that only what changed is drawn again. */
function shareLayers(before: ModelView | null, after: ModelView): ModelView {
  if (before === null) return after;
  const known = indexModel(before).byId;
  const layers = after.layers.map((layer) => {
    const old = known.get(layer.id);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(layer) ? old : layer;
  });
  return { ...after, layers };
}

/** What a message of the host changes. A new model keeps the selection of the layers it still has. */
export function receive(state: EditorState, message: Shown): Partial<EditorState> {
  switch (message.type) {
    case 'loading':
      return { phase: { kind: 'loading', file: message.file } };
    case 'unreadable':
      return {
        phase: { kind: 'unreadable', code: message.code, message: message.message },
        model: null,
        drawn: null,
      };
    case 'model': {
      const model = shareLayers(state.model, message.model);
      const index = indexModel(model);
      const selection = new Set([...state.selection].filter((id) => index.byId.has(id)));
      const hits = searchLayers(index, state.search.text);
      return {
        phase: { kind: 'ready' },
        model,
        selection: selection.size === state.selection.size ? state.selection : selection,
        anchor: state.anchor !== null && index.byId.has(state.anchor) ? state.anchor : null,
        search: { ...state.search, hits, current: Math.min(state.search.current, hits.length - 1) },
        lit: null,
        notice: null,
        menu: null,
        // The text was of the model before; a view of it asks for the new one.
        summary: null,
      };
    }
    case 'refused':
      return {
        notice: {
          code: message.code,
          message: message.message,
          ...(message.layer === undefined ? {} : { layer: message.layer }),
        },
      };
    case 'training':
      return { training: { form: message.form, dataset: message.dataset, running: message.running } };
    case 'summary':
      return { summary: message.text };
    case 'inspection':
      return { inspection: message.inspection };
    case 'filters':
      return { filters: message };
    case 'spreads': {
      const { spreads, measured, total, done, problem } = message;
      return {
        spreads: {
          layers: new Map([...state.spreads.layers, ...Object.entries(spreads)]),
          measured,
          total,
          state: done ? 'done' : 'measuring',
          ...(problem !== undefined && { problem }),
        },
      };
    }
  }
}
