import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetView } from '../protocol/editor';

const IMAGE = /\.(png|jpe?g|gif|bmp|webp|tiff?|avif)$/i;
/** What is never somebody's images, and costs long to look through. */
const SKIPPED = new Set(['node_modules', 'runs', 'dist', '__pycache__']);
/** How far from the model a dataset is looked for: `data/flowers/train` is found, a whole disk is not walked. */
const DEPTH = 3;
const MOST_FOLDERS = 200;

/** The classes of an image folder, a folder each, in the order of their names; none where it cannot be read. */
export async function classesOf(folder: string): Promise<DatasetView['classes']> {
  const classes = await Promise.all(
    (await subfolders(folder)).map(async (name) => ({
      name,
      images: (await entriesOf(path.join(folder, name))).filter((entry) => IMAGE.test(entry.name)).length,
    })),
  );
  return classes.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The image folder nearest to `start`, breadth first: one with two classes or more that hold images. */
export async function findImageFolder(start: string): Promise<string | undefined> {
  let looked = 0;
  let level = [start];
  for (let depth = 0; depth <= DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++looked > MOST_FOLDERS) return undefined;
      const classes = await classesOf(folder);
      if (classes.filter((candidate) => candidate.images > 0).length >= 2) return folder;
      next.push(...classes.map((candidate) => path.join(folder, candidate.name)));
    }
    level = next;
  }
  return undefined;
}

async function subfolders(folder: string): Promise<string[]> {
  return (await entriesOf(folder))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name))
    .map((entry) => entry.name)
    .sort();
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
