import { ALL_OPEN } from '../../../src/core/freeze/allOpen';
import type { Edit, EditorToHost, TrainingForm } from '../../../src/protocol/editor';
import type { LayerConfig } from '../../../src/core/graph/layerGraph';
import type { OperationsEdit } from '../../../src/core/surgery/editOperations';
import type { FreezeSetEdit } from '../../../src/core/surgery/freezeSets';
import { indexModel } from '../model/modelIndex';
import type { ModelIndex } from '../model/modelIndex';
import { createComparing } from '../diff/comparing';
import { graftPlace, placeOf, whyNot, whyNotExport } from './actions';
import type { ActionId } from './actions';
import type { EditorState, InspectorTab, Side } from './editorState';
import { measureOf } from '../overlay/measures';
import type { OverlayId } from '../overlay/measures';
import { createBoxes } from './boxes';
import { createFinding } from './finding';
import { createFreezing } from './freezing';
import { createSelecting } from './selecting';
import { createSurgery } from './surgery';
import type { Store } from './store';
import type { Camera } from './view';
import { t } from '../../../src/l10n/translate';

/** Everything the editor's controls do. An intent is posted and nothing is drawn before the host answers. */
export type Controller = ReturnType<typeof createController>;

export function createController(store: Store<EditorState>, post: (message: EditorToHost) => void) {
  let camera: Camera | undefined;
  const edit = (edit: Edit) => post({ type: 'edit', edit });
  const freezing = createFreezing(store, post);
  const selecting = createSelecting(store);
  const boxes = createBoxes(store, (id) => camera?.hold(id), selectNode);
  const finding = createFinding(store, index, select, selectNode);

  function index(): ModelIndex | undefined {
    const { model } = store.get();
    return model === null ? undefined : indexModel(model);
  }

  function selectedNames(): string[] {
    const known = index();
    if (!known) return [];
    const { selection } = store.get();
    return known.model.layers.filter(({ id }) => selection.has(id)).map(({ name }) => name);
  }

  function act(action: ActionId): void {
    const known = index();
    if (!known || whyNot(action, known, store.get().selection) !== undefined) return;
    store.set({ menu: null });
    const names = selectedNames();
    const { selection } = store.get();
    switch (action) {
      case 'graftHead': {
        const place = graftPlace(known, selection);
        if (typeof place !== 'string') select([place.id], { reveal: true });
        return openSide('graft');
      }
      case 'remove':
        return edit({ type: 'operate', operation: { op: 'remove', layers: names } });
      case 'freeze':
        return freezing.freeze([{ names }], false);
      case 'unfreeze':
        return freezing.freeze([{ names }], true);
      case 'cutHere': {
        const place = placeOf(action, known, selection);
        if (typeof place !== 'string') edit({ type: 'operate', operation: { op: 'cut', after: place.name } });
        return;
      }
      case 'freezeUpTo':
      case 'freezeFrom': {
        const place = placeOf(action, known, selection);
        if (typeof place === 'string') return;
        return freezing.freeze(
          [action === 'freezeUpTo' ? { upTo: place.name } : { from: place.name }],
          false,
        );
      }
      case 'invertFreezing':
        return freezing.invertFreezing();
      case 'unfreezeAll':
        return freezing.setFreezeRules([ALL_OPEN], t('Unfreeze all layers'));
      case 'selectKind':
      case 'selectBefore':
      case 'selectAfter':
        return selecting[action]();
      case 'showPath':
        return finding.showPath();
    }
  }

  function openSide(side: Side): void {
    const { surgery } = store.get();
    store.set({
      ...{ side, menu: null, main: 'graph' },
      ...(surgery.step !== null && { surgery: { ...surgery, step: null } }),
    });
  }

  /** Says why instead, where the model cannot be exported: from a menu of VS Code no tooltip does. */
  function exportModel(): void {
    const { model } = store.get();
    if (model === null) return;
    const reason = whyNotExport(model);
    if (reason === undefined) post({ type: 'export' });
    else store.set({ notice: { code: model.weightsOnly ? 'WEIGHTS_ONLY' : 'FAULTS', message: reason } });
  }

  function select(ids: readonly string[], options: { reveal?: boolean } = {}): void {
    const last = ids.at(-1);
    // What is hidden in a closed box is looked for: the box opens.
    if (options.reveal && last !== undefined) boxes.openAround(last);
    store.set({ selection: new Set(ids), anchor: last ?? null, menu: null });
    if (options.reveal && last !== undefined) camera?.reveal(last);
  }

  /** A layer, or all layers of a box. */
  function selectNode(id: string, options: { reveal?: boolean } = {}): void {
    const layers = boxes.layersOf(id);
    store.set({ selection: new Set(layers), anchor: layers[0] ?? null, menu: null });
    if (options.reveal && layers[0] !== undefined) camera?.reveal(layers[0]);
  }

  function measureSpreads(on: boolean): void {
    const { spreads } = store.get();
    store.set({
      spreads: on
        ? { layers: spreads.layers, measured: 0, total: 0, state: 'measuring' }
        : { ...spreads, state: 'none' },
    });
    post({ type: 'measureSpreads', on });
  }

  const surgery = createSurgery(store, index, openSide, post);

  return {
    post,
    act,
    ...freezing,
    ...selecting,
    ...boxes,
    ...finding,
    ...createComparing(store, select),
    ...surgery,
    select,
    openSide,
    exportModel,

    attachCamera(next: Camera): () => void {
      camera = next;
      return () => {
        if (camera === next) camera = undefined;
      };
    },
    fit: () => camera?.fit(),
    zoomBy: (factor: number) => camera?.zoomBy(factor),
    reveal: (id: string) => camera?.reveal(id),

    selectNode,
    zoomToSelection: () => camera?.zoomTo(store.get().selection),
    zoomTo: (ids: Iterable<string>) => camera?.zoomTo(ids),
    toggleDirection(): void {
      const { direction, anchor } = store.get();
      if (anchor !== null) camera?.hold(anchor);
      store.set({ direction: direction === 'down' ? 'right' : 'down' });
    },

    /** Adds a layer or a box's layers to the selection, or takes them out where all are in it. */
    toggle(id: string): void {
      const layers = boxes.layersOf(id);
      const selection = new Set(store.get().selection);
      const all = layers.every((layer) => selection.has(layer));
      for (const layer of layers) {
        if (all) selection.delete(layer);
        else selection.add(layer);
      }
      const anchor = all ? [...selection].at(-1) : layers[0];
      store.set({ selection, anchor: anchor ?? null, menu: null });
    },
    selectAll: () => select(index()?.model.layers.map(({ id }) => id) ?? []),
    clearSelection: () => select([]),
    /** From the training sheet: the head goes where the backbone ends, whatever is selected. */
    startGraft(): void {
      store.set({ selection: new Set(), anchor: null });
      act('graftHead');
    },
    showTab(tab: InspectorTab): void {
      const { main } = store.get();
      openSide('inspector');
      store.set({ main, tab });
    },
    light: (lit: ReadonlySet<string> | null) => store.set({ lit }),
    toggleSummary(): void {
      store.set({ main: store.get().main === 'summary' ? 'graph' : 'summary' });
    },
    changeForm(form: TrainingForm): void {
      const { training } = store.get();
      if (!training) return;
      store.set({ training: { ...training, form } });
      post({ type: 'training', form });
    },
    /** A value of each layer on its card. What is measured from weights starts to be, since it was asked for. */
    showOverlay(overlay: OverlayId | null): void {
      const measured = overlay !== null && measureOf(overlay).measured;
      const { state } = store.get().spreads;
      store.set({ overlay });
      if (measured && state === 'none') measureSpreads(true);
      if (!measured && state === 'measuring') measureSpreads(false);
    },
    measureSpreads,
    configure(layer: string, config: LayerConfig): void {
      edit({ type: 'operate', operation: { op: 'configure', layer, config } });
    },
    rename(layer: string, to: string): void {
      edit({ type: 'operate', operation: { op: 'rename', layer, to } });
    },
    dismissNotice: () => store.set({ notice: null }),
    /** A change to the list of operations, or to the named freeze sets. */
    editRecipe: (change: OperationsEdit | FreezeSetEdit) => edit(change),
  };
}
