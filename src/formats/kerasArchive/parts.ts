import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { statFile } from '../byteSource';
import type { ZipFile } from '../zip/zipFile';

/** A file among those that a saved model is made of. */
export interface Part {
  readonly name: string;
  readonly size: number;
  /** @throws Failure `ZIP_…` */
  read(): Promise<Uint8Array>;
}

/** What a saved model is made of: the entries of an archive, or the files of the folder that one unpacks to. */
export interface ModelParts {
  /** The archive, or the folder. */
  readonly path: string;
  /** By its path inside, with `/`. */
  find(name: string): Promise<Part | undefined>;
  /** For people: some of what is there. */
  names(): Promise<readonly string[]>;
}

export function partsOfArchive(zip: ZipFile): ModelParts {
  return {
    path: zip.path,
    find: (name) => {
      const entry = zip.entry(name);
      return Promise.resolve(
        entry && { name, size: entry.size, read: () => zip.readEntry(entry, entry.size) },
      );
    },
    names: () => Promise.resolve(zip.entries.map(({ name }) => name)),
  };
}

export function partsOfFolder(folder: string): ModelParts {
  return {
    path: folder,
    async find(name) {
      const file = path.join(folder, name);
      const stats = await statFile(file).catch(() => undefined);
      return stats?.isFile() ? { name, size: stats.size, read: () => readFile(file) } : undefined;
    },
    names: () => readdir(folder),
  };
}
