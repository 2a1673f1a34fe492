import { indexModel } from '../model/modelIndex';
import { outlineOf } from '../outline/outline';
import type { EditorState } from './editorState';
import { allAfter, allBefore, allOfKinds, rangeBetween } from './range';
import type { Store } from './store';

/** Selections of many layers at once. */
export function createSelecting(store: Store<EditorState>) {
  function choose(pick: (...known: Parameters<typeof allBefore>) => readonly string[]): void {
    const { model, selection } = store.get();
    if (model === null || selection.size === 0) return;
    store.set({ selection: new Set(pick(indexModel(model), selection)), menu: null });
  }

  return {
    /**
     * Selects from the layer selected last up to this one, or up to all of this box. Where one goes on from stays, so
     * that the next such click makes the range longer or shorter.
     *
     * @param add to what is selected already, instead of in its place
     */
    selectRange(id: string, add: boolean): void {
      const { model, anchor, selection } = store.get();
      if (model === null) return;
      const layers = outlineOf(model).boxes.get(id)?.layers ?? [id];
      const index = indexModel(model);
      const ends = [layers[0], layers.at(-1)].filter((end) => end !== undefined);
      const range = anchor === null ? [] : ends.flatMap((end) => rangeBetween(index, anchor, end));
      const chosen = new Set([...(add ? selection : []), ...range, ...layers]);
      store.set({ selection: chosen, anchor: anchor ?? ends[0] ?? null, menu: null });
    },
    selectBefore: () => choose(allBefore),
    selectAfter: () => choose(allAfter),
    /** All layers of the kinds that are selected. */
    selectKind: () =>
      choose((index, selection) =>
        allOfKinds(index, new Set([...selection].flatMap((id) => index.byId.get(id)?.kind ?? []))),
      ),
  };
}
