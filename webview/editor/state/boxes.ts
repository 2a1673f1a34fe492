import { canvasModel } from '../diff/comparison';
import { outlineOf } from '../outline/outline';
import type { Openness } from '../outline/scene';
import type { EditorState } from './editorState';
import type { Store } from './store';

/**
 * Opens and closes the boxes of the graph.
 *
 * @param hold keeps a card or a box where it is on the screen
 * @param selectNode selects a layer, or all layers of a box
 */
export function createBoxes(
  store: Store<EditorState>,
  hold: (id: string) => void,
  selectNode: (id: string) => void,
) {
  function openAround(id: string): void {
    const { openness } = store.get();
    const model = canvasModel(store.get());
    if (model === null || openness === null || openness === 'flat') return;
    const closed = (outlineOf(model).around.get(id) ?? []).filter((box) => !openness.has(box.id));
    if (closed.length > 0) setOpenness(new Set([...openness, ...closed.map((box) => box.id)]));
  }

  function setOpenness(openness: Openness, held?: string): void {
    if (held !== undefined) hold(held);
    store.set({ openness });
  }

  /** The layers of a layer's or a box's id. */
  function layersOf(id: string): readonly string[] {
    const model = canvasModel(store.get());
    return model === null ? [] : (outlineOf(model).boxes.get(id)?.layers ?? [id]);
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

  return {
    openAround,
    layersOf,
    openBox,
    closeBox,
    openSelected,
    closeAroundSelected,
    expandAll,
    collapseAll: () => setOpenness(new Set()),
  };
}
