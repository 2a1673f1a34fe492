import path from 'node:path';
import { readHead, statFile } from '../byteSource';
import type { Format } from '../format';
import { LENGTH_BYTES } from './header';
import { readSafetensors } from './read';
import { isIndex } from './shards';
import { writeSafetensors } from './write';

const EXTENSION = '.safetensors';

/** One file of tensors, or the index of several. */
export const safetensorsFormat: Format = {
  name: 'safetensors',
  title: 'safetensors',
  extensions: [EXTENSION],
  async detect(file) {
    if (!(await statFile(file)).isFile()) return false;
    if (isIndex(file)) return true;
    const head = await readHead(file, LENGTH_BYTES + 1);
    if (head[LENGTH_BYTES] !== '{'.charCodeAt(0)) return false;
    // No header has a length that takes more than four bytes; text would have.
    const plausible = head.subarray(4, LENGTH_BYTES).every((byte) => byte === 0);
    return plausible || path.extname(file).toLowerCase() === EXTENSION;
  },
  read: readSafetensors,
  write: writeSafetensors,
};
