import { donorOf, donorPath } from '../../../src/core/surgery/donors';
import type { Operation, Recipe } from '../../../src/core/surgery/recipe';
import type { ModelView } from '../../../src/protocol/editor';
import { headIn } from '../model/headIn';
import { indexModel } from '../model/modelIndex';
import { sameValue } from '../model/sameValue';
import type { EditorState, Side } from './editorState';
import type { LayerPlace } from './surgery';

/** A step of the recipe that is being edited in its sheet. */
export interface EditedStep {
  readonly at: number;
  readonly operation: Operation;
  /** The recipe up to it, as it was then: after a change there it is another step. */
  readonly upTo: string;
  /** The model as the step finds it, which is what its sheet is about. */
  readonly before: ModelView;
}

/** The sheet of a step, or none: a chain of several layers that is no head is edited as JSON. */
export function sheetOf(operation: Operation): Side | undefined {
  switch (operation.op) {
    case 'append':
      if (headIn(operation.layers)) return 'graft';
      return operation.layers.length === 1 ? 'layer' : undefined;
    case 'insert':
      return operation.layers.length === 1 ? 'layer' : undefined;
    case 'replace':
      return 'layer';
    case 'graft':
      return 'donor';
    case 'warmStart':
    case 'inputShape':
      return operation.op;
    case 'cut':
    case 'remove':
    case 'rename':
    case 'configure':
    case 'reinitialize':
      return 'step';
  }
}

/** The name of the layer that a step is about. */
export function layerOfStep(operation: Operation): string | undefined {
  switch (operation.op) {
    case 'cut':
    case 'append':
    case 'graft':
      return operation.after;
    case 'insert':
      return operation.between[0];
    case 'rename':
    case 'configure':
    case 'replace':
      return operation.layer;
    case 'remove':
    case 'reinitialize':
      return operation.layers[0];
    case 'inputShape':
      return operation.input;
    case 'warmStart':
      return undefined;
  }
}

/** The state in which a step's sheet is open, filled with it; nothing where the recipe has another step there by now. */
export function openStep(
  state: EditorState,
  { at, operation, model }: { readonly at: number; readonly operation: Operation; readonly model: ModelView },
): Partial<EditorState> {
  const side = sheetOf(operation);
  const recipe = state.model?.recipe;
  if (!side || !recipe || !sameValue(recipe.operations[at], operation)) return {};
  const index = indexModel(model);
  const idOf = (name: string | undefined) => index.byName.get(name ?? '')?.id;
  const about = idOf(layerOfStep(operation));
  const isShown = about !== undefined && state.model !== null && indexModel(state.model).byId.has(about);
  const donor = donorOf(operation);
  return {
    side,
    main: 'graph',
    menu: null,
    selection: new Set(isShown ? [about] : []),
    anchor: isShown ? about : null,
    surgery: {
      ...state.surgery,
      step: { at, operation, upTo: upTo(recipe, at), before: model },
      place: placeOf(operation, idOf) ?? state.surgery.place,
      // Another one than was looked at last; the step's own is opened.
      ...(donor && !isOpen(state.surgery.donor, donorPath(donor)) && { donor: { kind: 'none' } }),
    },
  };
}

export function isOpen(donor: EditorState['surgery']['donor'], path: string): boolean {
  return donor.kind === 'open' && donor.path === path;
}

function placeOf(
  operation: Operation,
  idOf: (name: string | undefined) => string | undefined,
): LayerPlace | undefined {
  if (operation.op === 'replace') {
    const layer = idOf(operation.layer);
    return layer === undefined ? undefined : { mode: 'replace', layer };
  }
  if (operation.op !== 'insert' && operation.op !== 'append') return undefined;
  const [after, before] = operation.op === 'insert' ? operation.between : [operation.after];
  const id = idOf(after);
  return id === undefined ? undefined : { mode: 'add', after: id, before: idOf(before) ?? null };
}

/** Whether the step that is edited is still where it was. */
export function isStill({ at, upTo: before }: EditedStep, recipe: Recipe): boolean {
  return upTo(recipe, at) === before;
}

const upTo = ({ operations }: Recipe, at: number) => JSON.stringify(operations.slice(0, at + 1));
