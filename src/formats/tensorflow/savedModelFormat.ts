import path from 'node:path';
import { isFile, statFile } from '../byteSource';
import type { Format } from '../format';
import { KERAS_METADATA_FILE } from './kerasMetadata';
import { readSavedModel } from './savedModel';
import { SAVED_MODEL_FILE } from './savedModelFiles';

/** TensorFlow SavedModels: the folder, or the `saved_model.pb` in it. */
export const savedModelFormat: Format = {
  name: 'savedmodel',
  title: 'TensorFlow SavedModel',
  extensions: ['.pb'],
  async detect(given) {
    const stats = await statFile(given);
    if (!stats.isDirectory()) return stats.isFile() && path.extname(given).toLowerCase() === '.pb';
    return isFile(path.join(given, SAVED_MODEL_FILE));
  },
  async read(given) {
    const stats = await statFile(given);
    const beside = path.join(path.dirname(given), SAVED_MODEL_FILE);
    if (path.basename(given) === KERAS_METADATA_FILE) return readSavedModel(beside);
    return readSavedModel(stats.isDirectory() ? path.join(given, SAVED_MODEL_FILE) : given);
  },
};
