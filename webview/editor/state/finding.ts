import { canvasModel } from '../diff/comparison';
import { currentFault, faultsOf } from '../model/faults';
import { searchLayers } from '../model/matching';
import { pathBetween } from '../model/modelIndex';
import type { ModelIndex } from '../model/modelIndex';
import { NO_SEARCH } from './editorState';
import type { EditorState } from './editorState';
import { neighbour } from './selection';
import type { Direction } from './selection';
import type { Store } from './store';
import { t } from '../../../src/l10n/translate';

type Reveal = { readonly reveal?: boolean };

/** Goes to layers: by name, by the arrow keys, to the ends, to faults, along the way between two. */
export function createFinding(
  store: Store<EditorState>,
  index: () => ModelIndex | undefined,
  select: (ids: readonly string[], options?: Reveal) => void,
  selectNode: (id: string, options?: Reveal) => void,
) {
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
        ? t('Select two layers to see the path between them')
        : t('No tensor flows from one of the selected layers to the other');
    store.set({ notice: { code: 'NO_PATH', message } });
  }

  function showHit(current: number): void {
    const { search } = store.get();
    const id = search.hits[current];
    if (id === undefined) return;
    store.set({ search: { ...search, current } });
    select([id], { reveal: true });
  }

  return {
    goTo,
    showPath,
    endPath: () => store.set({ path: null }),
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
  };
}
