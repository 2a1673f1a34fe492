import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { t } from '../../../l10n/translate';

const BLOCK = 512;

/** An entry's name: longer ones come in records of their own, which npm does not write for paths of this package. */
const LONGEST_PATH = 256;

/** An archive that cannot be read, in words that go behind its name. */
export class TarError extends Error {}

/**
 * Unpacks files of a gzipped tar archive (POSIX ustar, as npm packs).
 *
 * @param placeOf where the file of that path in the archive goes; nothing for one that is left out
 * @throws TarError for an archive that is damaged; the errors of the file system
 */
export async function unpack(
  archive: string,
  placeOf: (entry: string) => string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const bytes = new Bytes(createReadStream(archive, { signal }).pipe(createGunzip()));
  for (;;) {
    const header = await bytes.take(BLOCK);
    // Two blocks of noughts end an archive; one is enough to know.
    if (header.every((byte) => byte === 0)) return;
    const { name, size, isFile } = readHeader(header);
    const place = isFile ? placeOf(name) : undefined;
    if (place === undefined) {
      await bytes.pass(size, () => Promise.resolve());
    } else {
      await mkdir(path.dirname(place), { recursive: true });
      const file = await open(place, 'wx');
      try {
        await bytes.pass(size, async (chunk) => {
          await file.write(chunk);
        });
      } finally {
        await file.close();
      }
    }
    await bytes.pass((BLOCK - (size % BLOCK)) % BLOCK, () => Promise.resolve());
    signal.throwIfAborted();
  }
}

function readHeader(header: Buffer): { name: string; size: number; isFile: boolean } {
  const text = (start: number, length: number) => {
    const field = header.subarray(start, start + length);
    const end = field.indexOf(0);
    return field.toString('utf8', 0, end < 0 ? length : end);
  };
  // The sum over the header with its own field as blanks.
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (parseInt(text(148, 8), 8) !== sum)
    throw new TarError(t('the archive is damaged: a header does not add up'));
  const size = parseInt(text(124, 12), 8);
  if (!(size >= 0)) throw new TarError(t('the archive is damaged: a file without a size'));
  const [prefix, rest] = [text(345, 155), text(0, 100)];
  const name = prefix === '' ? rest : `${prefix}/${rest}`;
  if (name.length > LONGEST_PATH) throw new TarError(t('the archive is damaged: a path too long'));
  return { name, size, isFile: ['0', ''].includes(text(156, 1)) };
}

/** A stream read in lengths that its reader chooses. */
class Bytes {
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.chunks = stream[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    await this.pass(length, (chunk) => {
      parts.push(chunk);
      return Promise.resolve();
    });
    return Buffer.concat(parts);
  }

  /** So many bytes, in the pieces they come in. */
  async pass(length: number, use: (chunk: Buffer) => Promise<void>): Promise<void> {
    for (let left = length; left > 0;) {
      if (this.rest.length === 0) this.rest = await this.next();
      const chunk = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(chunk.length);
      left -= chunk.length;
      await use(chunk);
    }
  }

  private async next(): Promise<Buffer> {
    const { value, done } = await this.chunks.next().catch((cause: unknown) => {
      if (cause instanceof Error && cause.name === 'AbortError') throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TarError(t('the archive is damaged: {0}', reason), { cause });
    });
    if (done) throw new TarError(t('the archive is damaged: it ends too early'));
    return value;
  }
}
