import type { DragEvent } from 'react';
import { URI_TYPES, urisIn } from '../../ui/draggedUris';
import {
  LARGEST_DROPPED,
  MOST_PREDICTED,
  type DroppedImage,
  type Wrong,
} from '../../../src/protocol/judging';

export interface ImageDrop {
  readonly onDropped: (images: readonly DroppedImage[]) => void;
  readonly onWrong: (wrong: Wrong) => void;
}

/** For a part of the page: images and folders that are dropped there. VS Code lets a page have them with Shift. */
export function useImageDrop({ onDropped, onWrong }: ImageDrop) {
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
      if (uris.length > 0) return onDropped(uris.map((uri) => ({ uri })));
      // A folder comes without its files, and has no type.
      const files = [...event.dataTransfer.files].filter(({ type }) => type.startsWith('image/'));
      const large = files.find(({ size }) => size > LARGEST_DROPPED);
      if (files.length === 0 || large) {
        const found = large
          ? `${large.name} is larger than ${LARGEST_DROPPED / 2 ** 20} MB`
          : 'found no image in it';
        const message = `What was dropped cannot be read here: ${found}; use Choose Images or Choose Folder`;
        return onWrong({ code: 'DROP_UNKNOWN', message });
      }
      void Promise.all(
        files
          .slice(0, MOST_PREDICTED)
          .map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
      ).then(onDropped);
    },
  };
}
