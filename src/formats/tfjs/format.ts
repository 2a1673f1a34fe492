import path from 'node:path';
import { t } from '../../l10n/translate';
import { readHead, statFile } from '../byteSource';
import type { Format } from '../format';
import { isWeightsIndex } from '../h5/shards';
import { modelFolderAt } from '../kerasArchive/folder';
import { isPytorchIndex } from '../pytorch/shards';
import { isIndex } from '../safetensors/shards';
import { MODEL_FILE, readTfjs } from './read';
import { writeTfjs } from './write';

/** Enough to see the names at the start of a model.json. */
const HEAD_BYTES = 4096;

/** TensorFlow.js layers models: model.json and shards, or the folder they are in. */
export const tfjsFormat: Format = {
  name: 'tfjs',
  title: t('TensorFlow.js layers model'),
  extensions: ['.json'],
  async detect(given) {
    const stats = await statFile(given);
    if (stats.isDirectory()) {
      return statFile(path.join(given, MODEL_FILE)).then(
        (inner) => inner.isFile(),
        () => false,
      );
    }
    const isIndexOfOthers = isIndex(given) || isPytorchIndex(given) || isWeightsIndex(given);
    if (!stats.isFile() || isIndexOfOthers || (await modelFolderAt(given)) !== undefined) return false;
    const head = new TextDecoder().decode(await readHead(given, HEAD_BYTES)).trimStart();
    // Any JSON of that extension is ours to refuse, with a message about what it holds.
    return head.startsWith('{') && (path.extname(given).toLowerCase() === '.json' || MODEL_KEYS.test(head));
  },
  read: readTfjs,
  write: writeTfjs,
};

const MODEL_KEYS = /"(modelTopology|weightsManifest|layers-model|graph-model)"/;
