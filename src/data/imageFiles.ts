import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

/** By extension: what Keras's `image_dataset_from_directory` takes, and what else the decoder reads. */
const EXTENSIONS: ReadonlySet<string> = new Set([
  '.bmp',
  '.gif',
  '.jpeg',
  '.jpg',
  '.png',
  '.avif',
  '.tif',
  '.tiff',
  '.webp',
]);

/** Folders in folders in a class; deeper ones are taken for a loop of links. */
const DEEPEST = 16;

export function isImageFile(file: string): boolean {
  return EXTENSIONS.has(path.extname(file).toLowerCase());
}

/**
 * The names of the folders in a folder, hidden ones left out, in the order that gives Keras's labels.
 * @throws Failure of kind `input` when it cannot be listed
 */
export async function foldersIn(folder: string): Promise<readonly string[]> {
  const { folders } = await list(folder);
  return folders;
}

/** The images in a folder and its folders, hidden ones left out: absolute paths in Keras's order. */
export async function imagesIn(folder: string): Promise<readonly string[]> {
  const found: { folder: string; files: readonly string[] }[] = [];
  const walk = async (current: string, depth: number): Promise<void> => {
    if (depth > DEEPEST) {
      throw new Failure(
        'input',
        'DATA_DEPTH',
        t('{0}: folders nest deeper than {1}; is a link a loop?', current, DEEPEST),
        {
          path: current,
        },
      );
    }
    const { folders, files } = await list(current);
    found.push({ folder: current, files: files.filter(isImageFile) });
    for (const name of folders) await walk(path.join(current, name), depth + 1);
  };
  await walk(folder, 0);
  return found
    .sort((a, b) => compareNames(a.folder, b.folder))
    .flatMap((entry) => entry.files.map((file) => path.join(entry.folder, file)));
}

/** By code point, as Python sorts, which the bytes of UTF-8 do too; JavaScript's own order is another. */
function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function list(folder: string): Promise<{ folders: readonly string[]; files: readonly string[] }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    const isFile = cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR';
    throw new Failure(
      'input',
      'DATA_FOLDER',
      isFile
        ? t('{0}: a file there, expected a folder of images', folder)
        : t('{0}: nothing readable there, expected a folder of images', folder),
      {
        path: folder,
        cause,
      },
    );
  });
  const folders: string[] = [];
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    // A link counts as what it points to; one that points nowhere counts as nothing.
    const kind = entry.isSymbolicLink()
      ? await stat(path.join(folder, entry.name)).catch(() => undefined)
      : entry;
    if (kind?.isDirectory()) folders.push(entry.name);
    else if (kind?.isFile()) files.push(entry.name);
  }
  return { folders: folders.sort(compareNames), files: files.sort(compareNames) };
}
