import type { DragEvent } from 'react';
import { URI_TYPES, urisIn } from './draggedUris';

/**
 * For a part of a page on which files may be dropped; `data-dropping` marks it while one is over it. VS Code lets a page have
 * them with Shift.
 *
 * @param onDropped where they are, as far as what was dropped says so, and the files themselves
 */
export function dropTarget(onDropped: (uris: readonly string[], files: FileList) => void) {
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
      const uris = urisIn(URI_TYPES.map((type) => event.dataTransfer.getData(type)));
      onDropped(uris, event.dataTransfer.files);
    },
  };
}
