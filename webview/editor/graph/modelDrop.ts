import { useMemo } from 'react';
import type { DragEvent } from 'react';
import { URI_TYPES, urisIn } from '../../ui/draggedUris';
import { useEditor } from '../editorContext';

/** For the canvas: a model file that is dropped there is opened to be grafted from. VS Code lets a page have it with Shift. */
export function useModelDrop() {
  const { controller, store } = useEditor();
  return useMemo(() => {
    const mark = (event: DragEvent<HTMLElement>, on: boolean) =>
      event.currentTarget.toggleAttribute('data-dropping', on);
    return {
      onDragOver(event: DragEvent<HTMLElement>): void {
        const { types } = event.dataTransfer;
        if (!types.includes('Files') && !URI_TYPES.some((type) => types.includes(type))) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        mark(event, true);
      },
      onDragLeave(event: DragEvent<HTMLElement>): void {
        const inside = event.relatedTarget;
        if (!(inside instanceof Node && event.currentTarget.contains(inside))) mark(event, false);
      },
      onDrop(event: DragEvent<HTMLElement>): void {
        event.preventDefault();
        mark(event, false);
        const [uri] = urisIn(URI_TYPES.map((type) => event.dataTransfer.getData(type)));
        if (uri !== undefined) return controller.graftDropped(uri);
        const message =
          'What was dropped does not say where it is: drag from VS Code’s explorer, or choose the file in "Graft from another model"';
        store.set({ notice: { code: 'DROP_UNKNOWN', message } });
      },
    };
  }, [controller, store]);
}
