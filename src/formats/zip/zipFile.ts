import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { Entry, fromRandomAccessReaderPromise, type ZipFile as YauzlFile } from 'yauzl';
import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { readHead, statFile } from '../byteSource';
import {
  DEFLATE_SLACK_BYTES,
  EXTRACTED_FLOOR_BYTES,
  MAX_DEFLATE_RATIO,
  MAX_ENTRIES,
  MAX_EXTRACTED_RATIO,
} from './bounds';
import { WindowReader } from './windowReader';
import { t } from '../../l10n/translate';

/** One file in an archive. */
export interface ZipEntry {
  /** Its path inside, with `/`; never one that climbs out. */
  readonly name: string;
  readonly method: 'stored' | 'deflated' | 'other';
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** Bytes when taken out. */
  readonly size: number;
  readonly crc32: number;
  readonly encrypted: boolean;
}

/** What is kept of an entry as the library reads it, which takes ten times the memory. */
interface Listed extends ZipEntry {
  readonly compressionMethod: number;
  readonly flags: number;
  /** Where its own header begins. */
  readonly offset: number;
}

/** An entry and where in the file it has to have ended. */
interface Placed {
  readonly listed: Listed;
  readonly endsBy: number;
}

const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** Whether the file begins as a ZIP archive does: with an entry, or with the end of an empty one. */
export async function isZip(path: string): Promise<boolean> {
  if (!(await statFile(path)).isFile()) return false;
  const [p, k, three, four] = await readHead(path, 4);
  return p === 0x50 && k === 0x4b && ((three === 3 && four === 4) || (three === 5 && four === 6));
}

/** A ZIP archive opened for random access; close it. */
export class ZipFile {
  private readonly byName: ReadonlyMap<string, ZipEntry>;

  private constructor(
    readonly path: string,
    private readonly file: YauzlFile,
    private readonly reader: WindowReader,
    private readonly placed: ReadonlyMap<ZipEntry, Placed>,
  ) {
    this.entries = [...placed.keys()];
    this.byName = new Map(this.entries.map((entry) => [entry.name, entry]));
  }

  /** In the order of the archive's directory; folders are left out. */
  readonly entries: readonly ZipEntry[];

  /** @throws Failure `ZIP_CORRUPT`, `ZIP_UNSAFE`, `FILE_MISSING` */
  static async open(path: string): Promise<ZipFile> {
    const { size } = await statFile(path);
    const reader = await WindowReader.open(path);
    const options = { autoClose: false, strictFileNames: true } as const;
    const file = await fromRandomAccessReaderPromise(reader, size, options).catch(async (cause: unknown) => {
      await reader.end();
      throw corrupt(path, t('the directory at its end'), cause);
    });
    try {
      if (file.entryCount > MAX_ENTRIES) {
        throw unsafe(path, t('{0} entries', file.entryCount), t('at most {0}', MAX_ENTRIES));
      }
      return new ZipFile(path, file, reader, place(path, await listEntries(path, file), size));
    } catch (cause) {
      file.close();
      throw cause;
    }
  }

  /** How often the file was read so far, entries' own bytes aside. */
  get reads(): number {
    return this.reader.reads;
  }

  entry(name: string): ZipEntry | undefined {
    return this.byName.get(name);
  }

  /**
   * Where a stored entry's bytes are in the archive itself.
   * @throws Failure `ZIP_CORRUPT`, `ZIP_UNSUPPORTED` where it is compressed or encrypted
   */
  async dataRange(entry: ZipEntry): Promise<FileRange> {
    if (entry.method !== 'stored' || entry.encrypted) {
      const found = entry.encrypted
        ? t('encrypted')
        : entry.method === 'deflated'
          ? t('compressed')
          : t('packed');
      throw unsupported(this.path, entry, found, t('stored as it is'));
    }
    return { path: this.path, offset: await this.dataStart(entry), byteLength: entry.size };
  }

  /**
   * An entry's bytes, taken out and checked against their checksum.
   * @param limit the most bytes that it may have
   * @throws Failure `ZIP_CORRUPT`, `ZIP_UNSAFE`, `ZIP_UNSUPPORTED`
   */
  async readEntry(entry: ZipEntry, limit: number): Promise<Uint8Array<ArrayBuffer>> {
    if (entry.size > limit) {
      throw unsafe(this.path, t('entry "{0}" of {1} bytes', entry.name, entry.size), t('at most {0}', limit));
    }
    const bytes = new Uint8Array(entry.size);
    let filled = 0;
    await this.take(entry, async (chunks) => {
      for await (const chunk of chunks) {
        // The stream fails before it gives more than the entry's size.
        bytes.set(chunk, filled);
        filled += chunk.length;
      }
    });
    return bytes;
  }

  /**
   * Writes an entry to a file of its own, checked against its checksum. On failure the target may be there in part.
   * @throws Failure `ZIP_CORRUPT`, `ZIP_UNSAFE`, `ZIP_UNSUPPORTED`
   */
  async extractEntry(entry: ZipEntry, target: string): Promise<void> {
    if (entry.size > EXTRACTED_FLOOR_BYTES && entry.size > MAX_EXTRACTED_RATIO * entry.compressedSize) {
      throw unsafe(
        this.path,
        t('entry "{0}" of {1} bytes packed into {2}', entry.name, entry.size, entry.compressedSize),
        t('at most {0} times as many', MAX_EXTRACTED_RATIO),
      );
    }
    await this.take(entry, (chunks) => pipeline(chunks, createWriteStream(target, { flags: 'wx' })));
  }

  close(): void {
    this.file.close();
  }

  private async take(
    entry: ZipEntry,
    use: (chunks: AsyncGenerator<Uint8Array>) => Promise<void>,
  ): Promise<void> {
    if (entry.encrypted) throw unsupported(this.path, entry, t('encrypted'), t('one without a password'));
    if (entry.method === 'other') throw unsupported(this.path, entry, t('packed'), t('stored or deflated'));
    await this.dataStart(entry);
    const { listed } = this.placed.get(entry)!;
    const where = t('entry "{0}"', entry.name);
    const stream = await this.file.openReadStreamPromise(toEntry(listed)).catch((cause: unknown) => {
      throw corrupt(this.path, where, cause);
    });
    let sum = 0;
    async function* counted(source: Readable): AsyncGenerator<Uint8Array> {
      for await (const chunk of source as AsyncIterable<Uint8Array>) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
    }
    try {
      await use(counted(stream));
    } catch (cause) {
      stream.destroy();
      throw isSystemError(cause) ? cause : corrupt(this.path, where, cause);
    }
    if (sum !== entry.crc32) {
      throw corrupt(this.path, where, t('its checksum is {0}, expected {1}', hex(sum), hex(entry.crc32)));
    }
  }

  /** Read from the entry's own header, whose length the directory does not tell. */
  private async dataStart(entry: ZipEntry): Promise<number> {
    const { listed, endsBy } = this.placed.get(entry)!;
    const { fileDataStart } = await this.file
      .readLocalFileHeaderPromise(toEntry(listed), { minimal: true })
      .catch((cause: unknown) => {
        throw corrupt(this.path, t('entry "{0}"', entry.name), cause);
      });
    if (fileDataStart + entry.compressedSize > endsBy) throw overlapping(this.path, entry.name);
    return fileDataStart;
  }
}

/** @throws Failure `ZIP_CORRUPT`, `ZIP_UNSAFE`, `FILE_MISSING` */
export function openZip(path: string): Promise<ZipFile> {
  return ZipFile.open(path);
}

async function listEntries(path: string, file: YauzlFile): Promise<readonly Listed[]> {
  const entries: Listed[] = [];
  try {
    for await (const entry of file.eachEntry()) entries.push(describe(entry));
  } catch (cause) {
    const reason = reasonOf(cause);
    if (/relative path|absolute path|invalid characters in fileName/.test(reason)) {
      throw unsafe(path, t('an entry with {0}', reason), t('names that stay inside the archive'), cause);
    }
    throw corrupt(path, t('its directory'), cause);
  }
  return entries;
}

/** Every file's place, once none has another's name, another's bytes or a size that cannot be. */
function place(path: string, entries: readonly Listed[], fileSize: number): ReadonlyMap<ZipEntry, Placed> {
  const byOffset = [...entries].sort((a, b) => a.offset - b.offset);
  const endsBy = new Map<Listed, number>();
  byOffset.forEach((entry, index) => {
    const end = byOffset[index + 1]?.offset ?? fileSize;
    if (entry.offset + LOCAL_HEADER_BYTES + entry.compressedSize > end) throw overlapping(path, entry.name);
    endsBy.set(entry, end);
  });
  const names = new Set<string>();
  const placed = new Map<ZipEntry, Placed>();
  for (const entry of entries) {
    const { name, size, compressedSize } = entry;
    if (name.endsWith('/')) continue;
    if (names.has(name)) throw unsafe(path, t('two entries named "{0}"', name), t('names that differ'));
    // The decoder's replacement for bytes that are no UTF-8, and what ends a path for the system.
    if (/[\ufffd\0]/.test(name))
      throw unsafe(path, t('an entry named "{0}"', name), t('a name of UTF-8 text'));
    names.add(name);
    if (size > compressedSize * MAX_DEFLATE_RATIO + DEFLATE_SLACK_BYTES) {
      throw unsafe(
        path,
        t('entry "{0}" of {1} bytes packed into {2}', name, size, compressedSize),
        t('at most {0} times as many', MAX_DEFLATE_RATIO),
      );
    }
    placed.set(entry, { listed: entry, endsBy: endsBy.get(entry)! });
  }
  return placed;
}

function describe(entry: Entry): Listed {
  const { compressionMethod } = entry;
  return {
    name: entry.fileName,
    method: compressionMethod === STORED ? 'stored' : compressionMethod === DEFLATED ? 'deflated' : 'other',
    compressedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    crc32: entry.crc32,
    encrypted: entry.isEncrypted(),
    compressionMethod,
    flags: entry.generalPurposeBitFlag,
    offset: entry.relativeOffsetOfLocalHeader,
  };
}

/** As the library asks for it to read the entry's bytes. */
function toEntry({ compressionMethod, compressedSize, size, flags, offset }: Listed): Entry {
  return Object.assign(new Entry(), {
    compressionMethod,
    compressedSize,
    uncompressedSize: size,
    generalPurposeBitFlag: flags,
    relativeOffsetOfLocalHeader: offset,
  });
}

function corrupt(path: string, where: string, cause: unknown): Failure {
  return new Failure(
    'input',
    'ZIP_CORRUPT',
    t(
      '{0}: {1} cannot be read: {2}; the archive is damaged or cut short, copy or download it again',
      path,
      where,
      reasonOf(cause),
    ),
    { path, cause },
  );
}

function unsafe(path: string, found: string, expected: string, cause?: unknown): Failure {
  const message = t(
    '{0}: found {1}, expected {2}; the archive is not what any framework writes',
    path,
    found,
    expected,
  );
  return new Failure('input', 'ZIP_UNSAFE', message, { path, cause });
}

function unsupported(path: string, entry: ZipEntry, found: string, expected: string): Failure {
  const message = t(
    '{0}: entry "{1}" is {2}, expected {3}; pack it anew without',
    path,
    entry.name,
    found,
    expected,
  );
  return new Failure('input', 'ZIP_UNSUPPORTED', message, { path });
}

function overlapping(path: string, name: string): Failure {
  return unsafe(
    path,
    t('entry "{0}" whose bytes reach into the next', name),
    t('entries apart from each other'),
  );
}

function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replace(/\.$/, '');
}

/** Of writing what was taken out: a full disk is not the archive's fault. zlib's own errors have codes too. */
function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
