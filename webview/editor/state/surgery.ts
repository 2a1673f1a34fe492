import { blockEndingIn } from '../../../src/core/surgery/block';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import type { HeadOptions } from '../../../src/core/surgery/head';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { Edit, EditorToHost, LayerView } from '../../../src/protocol/editor';
import type { DonorState, KindView, OpenModel, SurgeryToEditor } from '../../../src/protocol/surgerySheets';
import type { ModelIndex } from '../model/modelIndex';
import { outlineOf } from '../outline/outline';
import { WEIGHTS_ONLY } from './actions';
import type { EditedStep } from './editedStep';
import { changeOf } from './changeOf';
import type { EditorState, Side } from './editorState';
import type { Store } from './store';
import { t } from '../../../src/l10n/translate';

/** Where a layer that is being chosen goes, by ids. */
export type LayerPlace =
  /** Between a layer and one that reads it; at the end of the model where `before` is null. */
  | { readonly mode: 'add'; readonly after: string; readonly before: string | null }
  | { readonly mode: 'replace'; readonly layer: string };

/** The sheets about layers and other models. */
export type SurgerySide = 'layer' | 'donor' | 'warmStart' | 'inputShape' | 'step';

/** What the sheets about layers and other models hold. */
export interface SurgeryState {
  readonly place: LayerPlace | null;
  /** The catalogue; null until it was asked for and came. */
  readonly kinds: readonly KindView[] | null;
  readonly openModels: readonly OpenModel[] | null;
  readonly donor: DonorState;
  readonly heads: readonly HeadOptions[];
  /** The step of the recipe that the sheet which is open changes; null where it makes a new one. */
  readonly step: EditedStep | null;
}

export const NO_SURGERY: SurgeryState = {
  place: null,
  kinds: null,
  openModels: null,
  donor: { kind: 'none' },
  heads: [],
  step: null,
};

export function receiveSurgery(
  state: SurgeryState,
  message: Exclude<SurgeryToEditor, { readonly type: 'step' }>,
): SurgeryState {
  switch (message.type) {
    case 'kinds':
      return { ...state, kinds: message.kinds };
    case 'openModels':
      return { ...state, openModels: message.models };
    case 'donor':
      return { ...state, donor: message.donor };
    case 'heads':
      return { ...state, heads: message.heads };
  }
}

/** What opens a sheet, or does at once what needs none. */
export type SurgeryActionId =
  'insertLayer' | 'replaceLayer' | 'removeBlock' | 'graftFrom' | 'warmStart' | 'inputShape';

/** Why an action cannot be done to a selection; undefined where it can. */
export function whyNotOperate(
  action: SurgeryActionId,
  index: ModelIndex,
  selection: ReadonlySet<string>,
): string | undefined {
  if (index.model.weightsOnly) return WEIGHTS_ONLY;
  const layers = [...selection].flatMap((id) => index.byId.get(id) ?? []);
  const [one] = layers;
  switch (action) {
    case 'insertLayer':
      if (layers.length === 0) return t('Select the layer to insert after');
      return placeIn(index, layers) ? undefined : t('Select one layer, or two that are joined');
    case 'replaceLayer':
      if (layers.length !== 1 || !one)
        return layers.length === 0 ? t('Select a layer first') : t('Select one layer only');
      return one.inputs.length === 0 ? t('{0} is an input of the model', one.name) : undefined;
    case 'removeBlock':
      if (layers.length !== 1 || !one)
        return layers.length === 0 ? t('Select a layer first') : t('Select one layer only');
      return blockOf(index, one) ? undefined : t('No block ends in {0}', one.name);
    case 'graftFrom':
      return layers.length > 1 ? t('Select one layer only') : undefined;
    case 'warmStart':
      return index.model.layers.some(({ weights }) => weights.length > 0)
        ? undefined
        : t('The model has no weights');
    case 'inputShape':
      return index.model.layers.some(({ isInput }) => isInput) ? undefined : t('The model has no input');
  }
}

/** Where an insertion at a selection goes: after the one layer, or between two of which one reads the other. */
function placeIn(index: ModelIndex, layers: readonly LayerView[]): LayerPlace | undefined {
  const [one, two, ...more] = layers;
  if (!one || more.length > 0) return undefined;
  if (!two) return { mode: 'add', after: one.id, before: index.readers.get(one.id)?.[0] ?? null };
  if (two.inputs.includes(one.id)) return { mode: 'add', after: one.id, before: two.id };
  return one.inputs.includes(two.id) ? { mode: 'add', after: two.id, before: one.id } : undefined;
}

/** The tensors that flow from one card to another, as the layers on either side. */
function tensorsBetween(index: ModelIndex, from: string, to: string): ModelIndex['edges'] {
  const { boxes } = outlineOf(index.model);
  const members = (id: string) => new Set(boxes.get(id)?.layers ?? [id]);
  const [above, below] = [members(from), members(to)];
  return index.edges.filter(({ source, target }) => above.has(source) && below.has(target));
}

const blocks = new WeakMap<
  LayerView,
  { readonly index: ModelIndex; readonly layers: readonly string[] | undefined }
>();

/** Names of the layers of the block that a merge ends, as a residual block's; none where there is none. */
export function blockOf(index: ModelIndex, merge: LayerView): readonly string[] | undefined {
  if (new Set(merge.inputs).size < 2) return undefined;
  const known = blocks.get(merge);
  if (known?.index === index) return known.layers;
  const graph = graphOf(index);
  const layer = graph.layers.find(({ id }) => id === merge.id);
  const block = layer && blockEndingIn(graph, layer);
  const layers = block?.layers.map(({ name }) => name);
  blocks.set(merge, { index, layers });
  return layers;
}

/** The graph as far as the page knows it: which layer reads which. */
function graphOf({ model }: ModelIndex): LayerGraph {
  return {
    name: model.name,
    inputs: [],
    outputs: [],
    layers: model.layers.map(({ id, name, kind, config, trainable, group, inputs }) => ({
      ...{ id, name, kind, config, trainable, group },
      weights: [],
      calls: [{ inputs: inputs.map((layer) => ({ layer, call: 0, output: 0 })) }],
    })),
  };
}

/** What the controls of the sheets do; a part of the controller. */
export function createSurgery(
  store: Store<EditorState>,
  index: () => ModelIndex | undefined,
  openSide: (side: Side) => void,
  post: (message: EditorToHost) => void,
) {
  const postNew = (operation: Operation) => post({ type: 'edit', edit: { type: 'operate', operation } });
  const editOf = (operation: Operation): Edit => {
    const { step } = store.get().surgery;
    return step ? changeOf(step, operation) : { type: 'operate', operation };
  };
  const operate = (operation: Operation) => post({ type: 'edit', edit: editOf(operation) });
  const openLayerSheet = (place: LayerPlace) => {
    const { surgery, side } = store.get();
    store.set({ surgery: { ...surgery, place } });
    // The step that is edited is elsewhere then, and still that step.
    if (side !== 'layer' || surgery.step === null) openSide('layer');
  };
  return {
    operate,
    /** A new step, whatever sheet is open. */
    operateNew: postNew,
    /** A new step, or the change of the one whose sheet is open. */
    editOf,
    /** Opens the sheet of a step of the recipe, filled with it. */
    editStep: (at: number) => post({ type: 'step', at }),
    /** To a layer between two others, or after the last. */
    insertAt: (after: string, before: string | null) => openLayerSheet({ mode: 'add', after, before }),
    /** On a line between two cards, which may be boxes: where a layer of the one is read in the other. */
    insertOn({ from, to }: { readonly from: string; readonly to: string }): void {
      const known = index();
      const edge = known && tensorsBetween(known, from, to)[0];
      if (edge) openLayerSheet({ mode: 'add', after: edge.source, before: edge.target });
    },
    openDonor: (from: Extract<EditorToHost, { readonly type: 'openDonor' }>['from']) =>
      post({ type: 'openDonor', from }),
    /** A model file was dropped on the graph. */
    graftDropped(uri: string): void {
      openSide('donor');
      post({ type: 'openDonor', from: { uri } });
    },
    /** Does an action to the selection, or opens its sheet; says why where it cannot be done. */
    surgery(action: SurgeryActionId): void {
      const known = index();
      if (!known) return;
      const { selection } = store.get();
      const reason = whyNotOperate(action, known, selection);
      // From the command palette no tooltip says why.
      if (reason !== undefined) return store.set({ notice: { code: 'NOT_HERE', message: reason } });
      const layers = [...selection].flatMap((id) => known.byId.get(id) ?? []);
      const [one] = layers;
      switch (action) {
        case 'insertLayer': {
          const place = placeIn(known, layers);
          if (place) openLayerSheet(place);
          return;
        }
        case 'replaceLayer':
          if (one) openLayerSheet({ mode: 'replace', layer: one.id });
          return;
        case 'removeBlock': {
          const block = one && blockOf(known, one);
          if (block) postNew({ op: 'remove', layers: [...block] });
          return;
        }
        case 'graftFrom':
          return openSide('donor');
        case 'warmStart':
        case 'inputShape':
          return openSide(action);
      }
    },
  };
}
