import {
  LARGEST_DROPPED,
  MOST_PREDICTED,
  type DroppedImage,
  type Wrong,
} from '../../../src/protocol/judging';
import { t } from '../../../src/l10n/translate';
import { dropTarget } from '../../ui/dropTarget';

export interface ImageDrop {
  readonly onDropped: (images: readonly DroppedImage[]) => void;
  readonly onWrong: (wrong: Wrong) => void;
}

/** For a part of the page: images and folders that are dropped there. */
export function imageDrop({ onDropped, onWrong }: ImageDrop) {
  return dropTarget((uris, dropped) => {
    if (uris.length > 0) return onDropped(uris.map((uri) => ({ uri })));
    // A folder comes without its files, and has no type.
    const files = [...dropped].filter(({ type }) => type.startsWith('image/'));
    const large = files.find(({ size }) => size > LARGEST_DROPPED);
    if (files.length === 0 || large) {
      const message = large
        ? t(
            'What was dropped cannot be read here: {0} is larger than {1} MB; use Choose Images or Choose Folder',
            large.name,
            LARGEST_DROPPED / 2 ** 20,
          )
        : t('What was dropped cannot be read here: found no image in it; use Choose Images or Choose Folder');
      return onWrong({ code: 'DROP_UNKNOWN', message });
    }
    void Promise.all(
      files
        .slice(0, MOST_PREDICTED)
        .map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    ).then(onDropped);
  });
}
