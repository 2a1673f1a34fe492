import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isImageFile } from '../data/imageFiles';
import { inspectImageFolder } from '../data/imageListing';
import type { DatasetView } from '../protocol/editor';

/** What is never somebody's images, and costs long to look through. */
const SKIPPED = new Set(['node_modules', 'runs', 'dist', '__pycache__']);
/** How far from the model a dataset is looked for: `data/flowers/train` is found, a whole disk is not walked. */
const DEPTH = 3;
const MOST_FOLDERS = 200;

/** The classes of an image folder as training will see them; none where it cannot be read. */
export function classesOf(folder: string): Promise<DatasetView['classes']> {
  return inspectImageFolder(folder).then(
    ({ classes }) => classes,
    () => [],
  );
}

/** The image folder nearest to `start`, breadth first: one with two folders or more that hold images. */
export async function findImageFolder(start: string): Promise<string | undefined> {
  let looked = 0;
  let level = [start];
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++looked > MOST_FOLDERS) return undefined;
      const folders = await foldersToLookIn(folder);
      const classes = await Promise.all(folders.map(holdsImages));
      if (classes.filter(Boolean).length >= 2) return folder;
      next.push(...folders);
    }
    level = next;
  }
  return undefined;
}

async function foldersToLookIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name))
    .map((entry) => path.join(folder, entry.name))
    .sort();
}

async function holdsImages(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some((entry) => isImageFile(entry.name));
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
