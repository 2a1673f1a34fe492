import path from 'node:path';
import { t } from '../../l10n/translate';
import { isFile, readHead, statFile } from '../byteSource';
import type { Format } from '../format';
import { MODEL_FILE, readTfjs } from '../tfjs/read';

/** Enough to see the names at the start of a model.json. */
const HEAD_BYTES = 4096;
const GRAPH_KEYS = /"graph-model"|"modelTopology"\s*:\s*\{\s*"(node|library)"/;

/** TensorFlow.js graph models: model.json and shards, or the folder they are in. */
export const graphModelFormat: Format = {
  name: 'tfjs-graph',
  title: t('TensorFlow.js graph model'),
  extensions: ['.json'],
  async detect(given) {
    const stats = await statFile(given);
    const file = stats.isDirectory() ? path.join(given, MODEL_FILE) : given;
    if (!(await isFile(file))) return false;
    const head = new TextDecoder().decode(await readHead(file, HEAD_BYTES)).trimStart();
    return head.startsWith('{') && GRAPH_KEYS.test(head);
  },
  // The reader of layers models sees in the whole file which of the two it is.
  read: readTfjs,
};
