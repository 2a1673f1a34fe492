import { open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

const unzip = promisify(gunzip);

/**
 * A whole file that is to be held in memory.
 * @param most bytes, packed or not
 * @param expected for messages: `a .npy file`
 * @throws Failure of kind `input` (`DATA_MISSING`, `DATA_TOO_LARGE`)
 */
export async function readBounded(file: string, most: number, expected: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    throw refused(
      file,
      'DATA_MISSING',
      found ? t('found a folder, expected {0}', expected) : t('found nothing, expected {0}', expected),
    );
  }
  if (found.size > most) {
    throw refused(
      file,
      'DATA_TOO_LARGE',
      t('found {0} bytes, expected at most {1}: it is held in memory', found.size, most),
    );
  }
  const bytes = new Uint8Array(found.size);
  const handle = await open(file, 'r');
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes;
}

/** As `readBounded`; what gzip packed is unpacked. @throws Failure `DATA_GZIP` too */
export async function readUnpacked(file: string, most: number, expected: string): Promise<Uint8Array> {
  const bytes = await readBounded(file, most, expected);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const { buffer, byteOffset, length } = await unzip(bytes, { maxOutputLength: most });
    // No Buffer, whose `slice` copies nothing where an array's does.
    return new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    const tooLarge = cause instanceof RangeError;
    const message = tooLarge
      ? t('found more than that when unpacked, expected at most {0} bytes', most)
      : t('found a gzip file that does not unpack, expected {0}, whole; download it again', expected);
    throw refused(file, 'DATA_GZIP', message, cause);
  }
}

function refused(file: string, code: string, message: string, cause?: unknown): Failure {
  return new Failure('input', code, `${file}: ${message}`, { path: file, cause });
}
