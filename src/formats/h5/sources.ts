import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { t } from '../../l10n/translate';
import { openZip } from '../zip/zipFile';
import { H5File } from './h5File';

/** An HDF5 file, and what to take away with it. */
interface Opened {
  readonly file: H5File;
  readonly dispose: () => Promise<void>;
}

/** HDF5 files opened for their weights, each once, until `close`. */
export class H5Sources {
  private readonly files = new Map<string, Promise<Opened>>();

  /** @param entry the file is this entry of the archive at the path */
  async open(given: string, entry?: string): Promise<H5File> {
    const key = entry === undefined ? given : `${given}\u0000${entry}`;
    let opened = this.files.get(key);
    if (!opened) {
      opened = entry === undefined ? openPlain(given) : openEntry(given, entry);
      this.files.set(key, opened);
      opened.catch(() => this.files.delete(key));
    }
    return (await opened).file;
  }

  async close(): Promise<void> {
    const files = [...this.files.values()];
    this.files.clear();
    for (const opened of await Promise.allSettled(files)) {
      if (opened.status !== 'fulfilled') continue;
      opened.value.file.close();
      await opened.value.dispose();
    }
  }
}

async function openPlain(given: string): Promise<Opened> {
  return { file: await H5File.open(given), dispose: async () => {} };
}

/**
 * Opens an HDF5 file inside an archive: where it lies when it is stored as it is, as Keras does, else taken out into a
 * temporary file.
 * @throws Failure `ZIP_…`, `H5_…`
 */
export async function openEntry(archive: string, name: string): Promise<Opened> {
  const zip = await openZip(archive);
  try {
    const entry = zip.entry(name);
    if (!entry) {
      const message = t(
        '{0}: found no entry "{1}" in the archive; it changed since it was opened',
        archive,
        name,
      );
      throw new Failure('input', 'ZIP_CORRUPT', message, { path: archive });
    }
    if (entry.method === 'stored' && !entry.encrypted) {
      const window = await zip.dataRange(entry);
      return { file: await H5File.open(archive, window), dispose: async () => {} };
    }
    const temporary = path.join(tmpdir(), `model-surgery-${randomBytes(8).toString('hex')}.h5`);
    const dispose = () => rm(temporary, { force: true });
    try {
      await zip.extractEntry(entry, temporary);
      return { file: await H5File.open(temporary), dispose };
    } catch (cause) {
      await dispose();
      throw cause;
    }
  } finally {
    zip.close();
  }
}
