import type { HostToEditor, ModelView } from '../../../src/protocol/editor';
import { applyChange } from '../../../src/protocol/modelChange';
import { unpackModel } from '../../../src/protocol/packedModel';
import { carryIndex, indexModel } from '../model/modelIndex';
import { searchLayers } from '../model/matching';
import { carryOutline } from '../outline/outline';
import { isStill, openStep } from './editedStep';
import type { EditorState } from './editorState';
import { receiveSurgery } from './surgery';

type Shown = Exclude<HostToEditor, { readonly type: 'command' }>;

/** A new model keeps what was made of the one before it, as far as nothing has changed. */
function carryOver(before: ModelView | null, after: ModelView): ModelView {
  if (before !== null) {
    carryIndex(before, after);
    carryOutline(before, after);
  }
  return after;
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
        openness: null,
      };
    case 'model':
      return receiveModel(state, carryOver(state.model, message.model));
    case 'packedModel':
      return receiveModel(state, carryOver(state.model, unpackModel(message.model)));
    case 'modelChange':
      return state.model === null
        ? {}
        : receiveModel(state, carryOver(state.model, applyChange(state.model, message.change)));
    case 'refused':
      return {
        notice: {
          code: message.code,
          message: message.message,
          ...(message.layer === undefined ? {} : { layer: message.layer }),
        },
      };
    case 'previewed': {
      const { request, problem } = message;
      if (state.preview?.request !== request) return {};
      return problem === undefined
        ? { preview: { request, totals: message.totals, frozen: message.frozen.length } }
        : { preview: { request, problem } };
    }
    case 'training':
      return { training: { form: message.form, dataset: message.dataset, running: message.running } };
    case 'planProblem':
      return { planProblem: message.problem };
    case 'summary':
      return { summary: message.text };
    case 'base':
      return { base: message.model };
    case 'inspection':
      return { inspection: message.inspection };
    case 'filters':
      return { filters: message };
    case 'step':
      return openStep(state, message);
    case 'kinds':
    case 'openModels':
    case 'donor':
    case 'heads':
      return { surgery: receiveSurgery(state.surgery, message) };
    case 'spreads': {
      const { spreads, measured, total, done, problem, noMovement } = message;
      return {
        spreads: {
          layers: new Map([...state.spreads.layers, ...Object.entries(spreads)]),
          measured,
          total,
          // What was under way when it was stopped may still arrive.
          state: done ? 'done' : state.spreads.state,
          ...(problem !== undefined && { problem }),
          ...(noMovement !== undefined && { noMovement }),
        },
      };
    }
  }
}

function receiveModel(state: EditorState, model: ModelView): Partial<EditorState> {
  const index = indexModel(model);
  const gone = [...state.selection].some((id) => !index.byId.has(id));
  const hits = searchLayers(index, state.search.text);
  const { step } = state.surgery;
  const isDone = step !== null && !isStill(step, model.recipe);
  return {
    phase: { kind: 'ready' },
    model,
    selection: gone ? new Set([...state.selection].filter((id) => index.byId.has(id))) : state.selection,
    anchor: state.anchor !== null && index.byId.has(state.anchor) ? state.anchor : null,
    search: { ...state.search, hits, current: Math.min(state.search.current, hits.length - 1) },
    lit: null,
    preview: null,
    fault: null,
    path: null,
    notice: null,
    menu: null,
    // The text was of the model before; a view of it asks for the new one.
    summary: null,
    ...(isDone && { surgery: { ...state.surgery, step: null }, side: 'inspector', tab: 'recipe' }),
  };
}
