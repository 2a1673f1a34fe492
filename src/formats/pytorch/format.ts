import path from 'node:path';
import { readHead, statFile } from '../byteSource';
import type { Format } from '../format';
import { isZip } from '../zip/zipFile';
import { isLegacyHead, isPickleHead, LEGACY_HEAD_BYTES } from './legacyFile';
import { foreignProgram } from './foreignArchive';
import { readPytorch } from './read';
import { isPytorchIndex } from './shards';
import { isTarHead, TAR_HEAD_BYTES } from '../tar/tarEntries';
import { isTorchTar } from './tarArchive';
import { isTorchArchive } from './zipArchive';

const EXTENSIONS: readonly string[] = ['.pt', '.pth', '.bin'];

/** What `torch.save` and TorchScript write, now, before PyTorch 1.6 and before 0.1.10; and several such files by an index. */
export const pytorchFormat: Format = {
  name: 'pytorch',
  title: 'PyTorch',
  extensions: EXTENSIONS,
  async detect(file) {
    if (!(await statFile(file)).isFile()) return false;
    // A damaged archive or a foreign pickle of that extension is ours to refuse, with a message about what it holds.
    const named = EXTENSIONS.includes(path.extname(file).toLowerCase());
    if (isPytorchIndex(file)) return true;
    if (await isZip(file)) return isTorchArchive(file).catch(() => named);
    const head = await readHead(file, Math.max(LEGACY_HEAD_BYTES, TAR_HEAD_BYTES));
    if (isTarHead(head)) return named || isTorchTar(file).catch(() => false);
    if (isLegacyHead(head.subarray(0, LEGACY_HEAD_BYTES)) || (named && isPickleHead(head))) return true;
    return (await foreignProgram(file)) !== undefined;
  },
  read: readPytorch,
};
