import path from 'node:path';
import { readHead, statFile } from '../byteSource';
import type { Format } from '../format';
import { isZip } from '../zip/zipFile';
import { isLegacyHead, isPickleHead, LEGACY_HEAD_BYTES } from './legacyFile';
import { readPytorch } from './read';
import { isTorchArchive } from './zipArchive';

const EXTENSIONS: readonly string[] = ['.pt', '.pth', '.bin'];

/** What `torch.save` and TorchScript write, now and before PyTorch 1.6. */
export const pytorchFormat: Format = {
  name: 'pytorch',
  title: 'PyTorch',
  extensions: EXTENSIONS,
  async detect(file) {
    if (!(await statFile(file)).isFile()) return false;
    // A damaged archive or a foreign pickle of that extension is ours to refuse, with a message about what it holds.
    const named = EXTENSIONS.includes(path.extname(file).toLowerCase());
    if (await isZip(file)) return isTorchArchive(file).catch(() => named);
    const head = await readHead(file, LEGACY_HEAD_BYTES);
    return isLegacyHead(head) || (named && isPickleHead(head));
  },
  read: readPytorch,
};
