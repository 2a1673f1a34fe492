import type { EditorState } from './state/editorState';
import type { Store } from './state/store';

/**
 * Marks on the page's own time line, for who measures an opening: `editor:script` when the script begins,
 * `editor:model` when the host's word is there, `editor:painted` when the first card is on the screen.
 */
export function markOpening(store: Store<EditorState>): void {
  performance.mark('editor:script');
  const stop = store.subscribe(() => {
    if (store.get().model === null) return;
    stop();
    performance.mark('editor:model');
    const look = () => {
      if (!document.querySelector('.react-flow__node')) requestAnimationFrame(look);
      // The frame after the one that draws it.
      else requestAnimationFrame(() => performance.mark('editor:painted'));
    };
    requestAnimationFrame(look);
  });
}
