import type { Edit, EditorCommand, EditorToHost, TrainingForm } from '../../../src/protocol/editor';
import type { LayerConfig } from '../../../src/core/graph/layerGraph';
import type { OperationsEdit } from '../../../src/core/surgery/editOperations';
import type { FreezeSetEdit } from '../../../src/core/surgery/freezeSets';
import type { NewLayer } from '../../../src/core/surgery/recipe';
import { indexModel, pathBetween } from '../model/modelIndex';
import type { ModelIndex } from '../model/modelIndex';
import { currentFault, faultsOf } from '../model/faults';
import { searchLayers } from '../model/matching';
import { canvasModel } from '../diff/comparison';
import { createComparing } from '../diff/comparing';
import { outlineOf } from '../outline/outline';
import type { Openness } from '../outline/scene';
import { graftPlace, placeOf, whyNot, whyNotExport } from './actions';
import type { ActionId } from './actions';
import { NO_SEARCH } from './editorState';
import type { EditorState, InspectorTab, Side } from './editorState';
import { measureOf } from '../overlay/measures';
import type { OverlayId } from '../overlay/measures';
import { createFreezing } from './freezing';
import { createSelecting } from './selecting';
import { createSurgery } from './surgery';
import { neighbour } from './selection';
import type { Direction } from './selection';
import type { Store } from './store';

/** The view of the graph, as far as others move it. */
export interface Camera {
  fit(): void;
  /** Brings a layer into view, or the box it is in, moving no further than it must. */
  reveal(id: string): void;
  zoomBy(factor: number): void;
  /** Shows all of some layers. */
  zoomTo(ids: Iterable<string>): void;
  /** What the next drawing leaves where it is on the screen: a layer or a box. */
  hold(id: string): void;
}

/** Everything the editor's controls do. An intent is posted and nothing is drawn before the host answers. */
export type Controller = ReturnType<typeof createController>;

export function createController(store: Store<EditorState>, post: (message: EditorToHost) => void) {
  let camera: Camera | undefined;
  const edit = (edit: Edit) => post({ type: 'edit', edit });
  const freezing = createFreezing(store, post);
  const selecting = createSelecting(store);

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
        return freezing.setFreezeRules([{ match: { all: true }, trainable: true }], 'Unfreeze all layers');
      case 'selectKind':
      case 'selectBefore':
      case 'selectAfter':
        return selecting[action]();
      case 'showPath':
        return showPath();
    }
  }

  function openSide(side: Side): void {
    store.set({ side, menu: null, main: 'graph' });
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
    if (options.reveal && last !== undefined) openAround(last);
    store.set({ selection: new Set(ids), anchor: last ?? null, menu: null });
    if (options.reveal && last !== undefined) camera?.reveal(last);
  }

  function openAround(id: string): void {
    const { openness } = store.get();
    const model = canvasModel(store.get());
    if (model === null || openness === null || openness === 'flat') return;
    const closed = (outlineOf(model).around.get(id) ?? []).filter((box) => !openness.has(box.id));
    if (closed.length > 0) setOpenness(new Set([...openness, ...closed.map((box) => box.id)]));
  }

  function setOpenness(openness: Openness, hold?: string): void {
    if (hold !== undefined) camera?.hold(hold);
    store.set({ openness });
  }

  /** The layers of a layer's or a box's id. */
  function layersOf(id: string): readonly string[] {
    const model = canvasModel(store.get());
    return model === null ? [] : (outlineOf(model).boxes.get(id)?.layers ?? [id]);
  }

  /** A layer, or all layers of a box. */
  function selectNode(id: string, options: { reveal?: boolean } = {}): void {
    const layers = layersOf(id);
    store.set({ selection: new Set(layers), anchor: layers[0] ?? null, menu: null });
    if (options.reveal && layers[0] !== undefined) camera?.reveal(layers[0]);
  }

  function openBox(id: string): boolean {
    const { openness } = store.get();
    const model = canvasModel(store.get());
    if (model === null || openness === null || openness === 'flat' || openness.has(id)) return false;
    if (!outlineOf(model).boxes.has(id)) return false;
    setOpenness(new Set([...openness, id]), id);
    return true;
  }

  /** Closes a box, and those in it; a model that is drawn flat is put into its boxes first. */
  function closeBox(id: string): boolean {
    const { openness } = store.get();
    const model = canvasModel(store.get());
    if (model === null || openness === null || openness === 'flat' || !openness.has(id)) return false;
    const box = outlineOf(model).boxes.get(id);
    if (!box) return false;
    setOpenness(new Set([...openness].filter((open) => open !== id)), id);
    return true;
  }

  /** The closed box that is selected, or with `open` the innermost open one around all that is. */
  function selectedBox(open: boolean): string | undefined {
    const { openness, selection, anchor, drawn } = store.get();
    const model = canvasModel(store.get());
    if (model === null || openness === null || openness === 'flat' || anchor === null) return undefined;
    if (!open) {
      const box = drawn?.scene.nodes[drawn.scene.shownBy.get(anchor) ?? -1]?.box;
      return box?.layers.every((id) => selection.has(id)) ? box.id : undefined;
    }
    const boxes = (outlineOf(model).around.get(anchor) ?? []).filter((box) => openness.has(box.id));
    return boxes.findLast((box) => {
      const inside = new Set(box.layers);
      return [...selection].every((id) => inside.has(id));
    })?.id;
  }

  /** Whether a closed box was selected, and opens. */
  function openSelected(): boolean {
    const box = selectedBox(false);
    return box !== undefined && openBox(box);
  }

  function closeAroundSelected(): boolean {
    const box = selectedBox(true);
    if (box === undefined || !closeBox(box)) return false;
    selectNode(box);
    return true;
  }

  function expandAll(): void {
    const { openness } = store.get();
    const model = canvasModel(store.get());
    if (model === null || openness === 'flat') return;
    setOpenness(new Set(outlineOf(model).boxes.keys()));
  }

  function goTo(which: 'isInput' | 'isOutput'): void {
    const ends = index()?.model.layers.filter((layer) => layer[which]) ?? [];
    const { anchor } = store.get();
    const next = ends[(ends.findIndex(({ id }) => id === anchor) + 1) % Math.max(1, ends.length)];
    if (next) select([next.id], { reveal: true });
  }

  /** Lights the ways between the first and the last of what is selected; a second time it stops. */
  function showPath(): void {
    const known = index();
    const { path, selection } = store.get();
    if (!known) return;
    if (path !== null) return store.set({ path: null });
    const [from, ...others] = selection;
    const to = others.at(-1);
    const ways = from === undefined || to === undefined ? new Set<string>() : pathBetween(known, from, to);
    if (ways.size > 0) return store.set({ path: ways });
    const message =
      to === undefined
        ? 'Select two layers to see the path between them'
        : 'No tensor flows from one of the selected layers to the other';
    store.set({ notice: { code: 'NO_PATH', message } });
  }

  function showHit(current: number): void {
    const { search } = store.get();
    const id = search.hits[current];
    if (id === undefined) return;
    store.set({ search: { ...search, current } });
    select([id], { reveal: true });
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

  const controller = {
    post,
    act,
    ...freezing,
    ...selecting,
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
    openBox,
    closeBox,
    openSelected,
    closeAroundSelected,
    expandAll,
    collapseAll: () => setOpenness(new Set()),
    goTo,
    showPath,
    endPath: () => store.set({ path: null }),
    zoomToSelection: () => camera?.zoomTo(store.get().selection),
    zoomTo: (ids: Iterable<string>) => camera?.zoomTo(ids),
    toggleDirection(): void {
      const { direction, anchor } = store.get();
      if (anchor !== null) camera?.hold(anchor);
      store.set({ direction: direction === 'down' ? 'right' : 'down' });
    },

    /** Adds a layer or a box's layers to the selection, or takes them out where all are in it. */
    toggle(id: string): void {
      const layers = layersOf(id);
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
    walk(direction: Direction): void {
      const { drawn, anchor } = store.get();
      if (drawn === null || drawn.model !== canvasModel(store.get())) return;
      const { nodes, shownBy } = drawn.scene;
      const from = anchor === null ? undefined : nodes[shownBy.get(anchor) ?? -1]?.id;
      const next = from === undefined ? nodes[0]?.id : neighbour(drawn, from, direction);
      if (next !== undefined) selectNode(next, { reveal: true });
    },

    search(text: string): void {
      const known = index();
      const hits = known ? searchLayers(known, text) : [];
      store.set({ search: { text, hits, current: -1 } });
      if (hits.length > 0) showHit(0);
    },
    nextHit(step: 1 | -1): void {
      const { hits, current } = store.get().search;
      if (hits.length > 0) showHit((current + step + hits.length) % hits.length);
    },
    endSearch: () => store.set({ search: NO_SEARCH }),

    /** From the training sheet: the head goes where the backbone ends, whatever is selected. */
    startGraft(): void {
      store.set({ selection: new Set(), anchor: null });
      act('graftHead');
    },
    showTab: (tab: InspectorTab) => store.set({ side: 'inspector', tab }),
    light: (lit: ReadonlySet<string> | null) => store.set({ lit }),
    graft(after: string, layers: readonly NewLayer[]): void {
      edit({ type: 'operate', operation: { op: 'append', after, layers: [...layers] } });
      openSide('inspector');
    },

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
    /** Goes through the faults, errors first; one of the whole model has no layer to go to. */
    goToFault(step: 1 | -1): void {
      const known = index();
      const faults = known ? faultsOf(known.model) : [];
      if (!known || faults.length === 0) return;
      const { fault, anchor } = store.get();
      const at = currentFault(faults, fault, known.byId.get(anchor ?? '')?.name);
      const next = at < 0 ? (step > 0 ? 0 : faults.length - 1) : (at + step + faults.length) % faults.length;
      const id = known.byName.get(faults[next]?.layer ?? '')?.id;
      if (id !== undefined) select([id], { reveal: true });
      store.set({ fault: next });
    },
    /** A change to the list of operations, or to the named freeze sets. */
    editRecipe: (change: OperationsEdit | FreezeSetEdit) => edit(change),
  };

  return {
    ...controller,
    /** A command of the palette or a menu. `search` and `freezeByRegex` also move the focus: see the app. */
    command(command: EditorCommand): void {
      switch (command) {
        case 'train':
          return openSide('train');
        case 'export':
          return exportModel();
        case 'insertLayer':
        case 'replaceLayer':
        case 'removeBlock':
        case 'graftFrom':
        case 'warmStart':
        case 'inputShape':
          return controller.surgery(command);
        case 'freezeByRegex':
          return controller.showTab('freeze');
        case 'nextFault':
        case 'previousFault':
          return controller.goToFault(command === 'nextFault' ? 1 : -1);
        case 'shortcuts':
          return openSide('shortcuts');
        case 'fit':
          return controller.fit();
        case 'summary':
          return controller.toggleSummary();
        case 'compare':
          return controller.toggleComparing();
        case 'nextChange':
        case 'previousChange':
          return controller.goToChange(command === 'nextChange' ? 1 : -1);
        case 'exportPicture':
          return store.set({ picturing: true, main: 'graph' });
        case 'expandAll':
          return controller.expandAll();
        case 'collapseAll':
          return controller.collapseAll();
        case 'toggleDirection':
          return controller.toggleDirection();
        case 'zoomToSelection':
          return controller.zoomToSelection();
        case 'goToInput':
          return controller.goTo('isInput');
        case 'goToOutput':
          return controller.goTo('isOutput');
        case 'showPath':
          return controller.showPath();
        case 'search':
          return;
        default: {
          const known = index();
          const reason = known && whyNot(command, known, store.get().selection);
          // From a menu of VS Code no tooltip says why.
          if (reason !== undefined) store.set({ notice: { code: 'NOT_NOW', message: reason } });
          return act(command);
        }
      }
    },
  };
}
