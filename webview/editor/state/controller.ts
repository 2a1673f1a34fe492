import type { Edit, EditorCommand, EditorToHost, TrainingForm } from '../../../src/protocol/editor';
import type { FreezeRule, Match } from '../../../src/core/freeze/rule';
import type { NewLayer } from '../../../src/core/surgery/recipe';
import { indexModel } from '../model/modelIndex';
import type { ModelIndex } from '../model/modelIndex';
import { searchLayers } from '../model/matching';
import { graftPlace, whyNot, whyNotExport } from './actions';
import type { ActionId } from './actions';
import { NO_SEARCH } from './editorState';
import type { EditorState, InspectorTab, Side } from './editorState';
import { neighbour } from './selection';
import type { Direction } from './selection';
import type { Store } from './store';

/** The view of the graph, as far as others move it. */
export interface Camera {
  fit(): void;
  /** Brings a layer into view, moving no further than it must. */
  reveal(id: string): void;
  zoomBy(factor: number): void;
}

/** Everything the editor's controls do. An intent is posted and nothing is drawn before the host answers. */
export type Controller = ReturnType<typeof createController>;

export function createController(store: Store<EditorState>, post: (message: EditorToHost) => void) {
  let camera: Camera | undefined;
  const edit = (edit: Edit) => post({ type: 'edit', edit });

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

  function freeze(matches: readonly Match[], trainable: boolean): void {
    const rules: FreezeRule[] = matches.map((match) => (trainable ? { match, trainable } : { match }));
    edit({ type: 'freeze', rules });
  }

  function act(action: ActionId): void {
    const known = index();
    if (!known || whyNot(action, known, store.get().selection) !== undefined) return;
    store.set({ menu: null });
    const names = selectedNames();
    const [name] = names;
    switch (action) {
      case 'graftHead': {
        const place = graftPlace(known, store.get().selection);
        if (typeof place !== 'string') select([place.id], { reveal: true });
        return openSide('graft');
      }
      case 'remove':
        return edit({ type: 'operate', operation: { op: 'remove', layers: names } });
      case 'freeze':
        return freeze([{ names }], false);
      case 'unfreeze':
        return freeze([{ names }], true);
      case 'cutHere':
        if (name !== undefined) edit({ type: 'operate', operation: { op: 'cut', after: name } });
        return;
      case 'freezeUpTo':
        if (name !== undefined) freeze([{ upTo: name }], false);
        return;
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
    store.set({ selection: new Set(ids), anchor: ids.at(-1) ?? null, menu: null });
    const last = ids.at(-1);
    if (options.reveal && last !== undefined) camera?.reveal(last);
  }

  function showHit(current: number): void {
    const { search } = store.get();
    const id = search.hits[current];
    if (id === undefined) return;
    store.set({ search: { ...search, current } });
    select([id], { reveal: true });
  }

  const controller = {
    post,
    act,
    freeze,
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

    toggle(id: string): void {
      const selection = new Set(store.get().selection);
      if (!selection.delete(id)) selection.add(id);
      store.set({ selection, anchor: selection.has(id) ? id : ([...selection].at(-1) ?? null), menu: null });
    },
    selectAll: () => select(index()?.model.layers.map(({ id }) => id) ?? []),
    clearSelection: () => select([]),
    walk(direction: Direction): void {
      const known = index();
      const { drawn, anchor } = store.get();
      if (!known || drawn?.model !== known.model) return;
      const next =
        anchor === null ? known.model.layers[0]?.id : neighbour(known, drawn.layout, anchor, direction);
      if (next !== undefined) select([next], { reveal: true });
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
    setFreezeRules: (rules: readonly FreezeRule[]) => edit({ type: 'setFreezeRules', rules }),
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
    dismissNotice: () => store.set({ notice: null }),
    nextFault(): void {
      const known = index();
      if (!known) return;
      const faulty = known.model.layers.filter(({ faults }) => faults.length > 0).map(({ id }) => id);
      const at = faulty.indexOf(store.get().anchor ?? '');
      const next = faulty[(at + 1) % faulty.length];
      if (next !== undefined) select([next], { reveal: true });
    },
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
        case 'freezeByRegex':
          return controller.showTab('freeze');
        case 'fit':
          return controller.fit();
        case 'summary':
          return controller.toggleSummary();
        case 'search':
          return;
        default:
          return act(command);
      }
    },
  };
}
