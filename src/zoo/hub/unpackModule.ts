import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Failure } from '../../core/failure';
import { tarEntries, type TarEntry } from '../../formats/tar/tarEntries';
import { t } from '../../l10n/translate';

/** Files and folders of a module: graph, variables, and assets; published ones have under twenty. */
const MAX_ENTRIES = 4096;

/** What a module may hold unpacked: the largest that are published for images have a gigabyte. */
export const MAX_MODULE_BYTES = 4 * 2 ** 30;

const DAMAGED = 'HUB_ARCHIVE';

/**
 * Unpacks an archive of a module, `.tar.gz` or `.tar`, into a folder of its own. Nothing is written but plain files inside
 * the folder: an archive with a link, a device, or a name that leads elsewhere is refused as a whole, before any is written.
 *
 * @param spare where the archive may lie unpressed for the while
 * @throws Failure `HUB_ARCHIVE`; the signal's reason once aborted
 */
export async function unpackModule(
  archive: { readonly path: string; readonly pressed: boolean },
  folder: string,
  spare: string,
  signal: AbortSignal,
): Promise<void> {
  const tar = archive.pressed ? spare : archive.path;
  if (archive.pressed) await inflate(archive.path, spare, signal);
  const files = new Map<string, TarEntry>();
  const taken = new Set<string>();
  let count = 0;
  for await (const entry of tarEntries(tar, DAMAGED)) {
    signal.throwIfAborted();
    if (++count > MAX_ENTRIES)
      throw refused(archive.path, t('more than {0} entries', MAX_ENTRIES), t('fewer'));
    if (entry.type === 'note') continue;
    const inside = placeOf(entry, archive.path);
    if (entry.type === 'folder' || inside === '') continue;
    // Systems that take a name in both cases for one would write the second over the first.
    const key = inside.toLowerCase();
    if (taken.has(key)) throw refused(archive.path, t('the entry {0} twice', show(entry)), t('each once'));
    taken.add(key);
    files.set(inside, entry);
  }
  await mkdir(folder, { recursive: true });
  for (const [inside, { range }] of files) {
    const target = path.join(folder, inside);
    await mkdir(path.dirname(target), { recursive: true });
    // A range of no bytes would be read as one byte.
    const end = range.offset + range.byteLength - 1;
    const bytes = range.byteLength === 0 ? [] : createReadStream(tar, { start: range.offset, end });
    await pipeline(bytes, createWriteStream(target, { flags: 'wx' }), { signal });
  }
}

/** Where in the folder an entry goes. @throws Failure `HUB_ARCHIVE` for one that is no file in it */
function placeOf(entry: TarEntry, archive: string): string {
  const { name, type } = entry;
  if (type === 'other')
    throw refused(archive, t('{0}, a link or a device', show(entry)), t('files and folders only'));
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  const climbs = name.startsWith('/') || /[\\\0:]/.test(name) || steps.includes('..');
  if (climbs) throw refused(archive, t('the entry {0}', show(entry)), t('names inside the archive only'));
  return steps.join('/');
}

/** @throws Failure `HUB_ARCHIVE` for what is no gzip, or holds more than a module does */
async function inflate(from: string, to: string, signal: AbortSignal): Promise<void> {
  let bytes = 0;
  const bound = new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.byteLength;
      const tooMuch = bytes > MAX_MODULE_BYTES;
      done(tooMuch ? refused(from, t('more than 4 GiB in the archive'), t('a module')) : null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(from), createGunzip(), bound, createWriteStream(to), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    const broken = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
    throw broken ? refused(from, t('a broken archive ({0})', cause.message), t('a whole one')) : cause;
  }
}

const show = ({ name }: TarEntry) => JSON.stringify(name.slice(0, 200));

function refused(archive: string, found: string, expected: string): Failure {
  return new Failure(
    'input',
    DAMAGED,
    t('{0}: found {1}, expected {2}; it was not unpacked', archive, found, expected),
    {
      path: archive,
    },
  );
}
