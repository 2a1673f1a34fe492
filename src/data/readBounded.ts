import { open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Failure } from '../core/failure';

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
    const what = found ? 'a folder' : 'nothing';
    throw refused(file, 'DATA_MISSING', `found ${what}, expected ${expected}`);
  }
  if (found.size > most) {
    throw refused(
      file,
      'DATA_TOO_LARGE',
      `found ${found.size} bytes, expected at most ${most}: it is held in memory`,
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
    const found = tooLarge ? 'more than that when unpacked' : 'a gzip file that does not unpack';
    const wanted = tooLarge ? `at most ${most} bytes` : `${expected}, whole; download it again`;
    throw refused(file, 'DATA_GZIP', `found ${found}, expected ${wanted}`, cause);
  }
}

function refused(file: string, code: string, message: string, cause?: unknown): Failure {
  return new Failure('input', code, `${file}: ${message}`, { path: file, cause });
}
