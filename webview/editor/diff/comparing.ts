import type { EditorState } from '../state/editorState';
import type { Store } from '../state/store';
import { nextChange, SHOWN_FIRST } from './comparison';
import type { DiffStatus } from './diffModels';

/** What the controls of the comparison do. */
export function createComparing(
  store: Store<EditorState>,
  select: (ids: readonly string[], options: { reveal: boolean }) => void,
) {
  return {
    toggleComparing(): void {
      const { comparing, selection, model } = store.get();
      if (model?.weightsOnly) return;
      if (comparing === null) return store.set({ comparing: SHOWN_FIRST, main: 'graph' });
      // A layer that is gone can be selected while it is drawn alone.
      const known = new Set(model?.layers.map(({ id }) => id));
      const kept = [...selection].filter((id) => known.has(id));
      store.set({ comparing: null, selection: new Set(kept), anchor: kept.at(-1) ?? null });
    },
    showChanges(status: DiffStatus, on: boolean): void {
      const { comparing } = store.get();
      if (comparing === null) return;
      const next = new Set(comparing);
      if (on) next.add(status);
      else next.delete(status);
      store.set({ comparing: next });
    },
    /** Without a comparison one begins; its first step is another's. */
    goToChange(step: 1 | -1): void {
      const { comparison, comparing, anchor, model } = store.get();
      if (comparing === null && !model?.weightsOnly) store.set({ comparing: SHOWN_FIRST, main: 'graph' });
      const id = comparison && nextChange(comparison, anchor, step);
      if (id) select([id], { reveal: true });
    },
  };
}
