import path from 'node:path';
import type { Format } from '../format';
import { isZip } from '../zip/zipFile';
import { holdsKerasModel, readKerasArchive } from './read';
import { writeKerasArchive } from './write';

const EXTENSION = '.keras';

/** Keras 3's `.keras`: a ZIP archive of configuration and weights. */
export const kerasFormat: Format = {
  name: 'keras',
  title: 'Keras archive',
  extensions: [EXTENSION],
  async detect(given) {
    if (!(await isZip(given))) return false;
    // A damaged archive is this format's to tell of only when its name says that it is Keras's.
    if (path.extname(given).toLowerCase() === EXTENSION) return true;
    return holdsKerasModel(given).catch(() => false);
  },
  read: readKerasArchive,
  write: writeKerasArchive,
};
