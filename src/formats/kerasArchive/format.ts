import path from 'node:path';
import { t } from '../../l10n/translate';
import type { Format } from '../format';
import { isZip } from '../zip/zipFile';
import { modelFolderAt } from './folder';
import { holdsKerasModel, readKerasArchive, readKerasFolder } from './read';
import { writeKerasArchive } from './write';

const EXTENSION = '.keras';

/** Keras 3's `.keras`: a ZIP archive of configuration and weights, or the folder that one unpacks to. */
export const kerasFormat: Format = {
  name: 'keras',
  title: t('Keras archive'),
  extensions: [EXTENSION],
  async detect(given) {
    if ((await modelFolderAt(given)) !== undefined) return true;
    if (!(await isZip(given))) return false;
    // A damaged archive is this format's to tell of only when its name says that it is Keras's.
    if (path.extname(given).toLowerCase() === EXTENSION) return true;
    return holdsKerasModel(given).catch(() => false);
  },
  async read(given) {
    const folder = await modelFolderAt(given);
    return folder === undefined ? readKerasArchive(given) : readKerasFolder(folder);
  },
  write: writeKerasArchive,
};
