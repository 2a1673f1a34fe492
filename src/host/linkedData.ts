import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Data } from '../core/plan/trainingData';
import { readTable } from '../data/table';
import { trainingData, type NamedPath } from './namedPaths';
import { realPlace } from './realPlace';

/** Folders in folders in a class, as the listing of images has it. */
const DEEPEST = 16;
/**
 * Links to more folders than that are asked about as what is around them all, since nobody reads such a list; but never as a whole
 * disk.
 */
const MOST_PLACES = 20;

/**
 * Where the data of a plan leads on from the folders that the plan names: by links in them, and by the rows of a table. Folders
 * alone, each once; what cannot be read is left to the trainer, which says so.
 */
export async function linkedData(data: Data): Promise<readonly NamedPath[]> {
  const places = new Set<string>();
  for (const place of await leadsOf(data)) places.add(place);
  const all = [...places];
  const shared = all.length > MOST_PLACES ? around(all) : undefined;
  const asked = shared === undefined || isWholeDisk(shared) ? all : [shared];
  return asked.map(trainingData);
}

async function leadsOf(data: Data): Promise<readonly string[]> {
  switch (data.kind) {
    case 'images':
      return gather([data.train, data.validation], (folder) => linksIn(folder, DEEPEST));
    case 'cifar':
      return linksIn(data.train, 0);
    case 'table':
      return gather([data.train, data.validation], async (file) => {
        const { files } = await readTable(file, data).catch(() => ({ files: [] }));
        const folders = [...new Set(files.map((image) => path.dirname(image)))];
        return [...folders, ...(await gather(folders, (folder) => linksIn(folder, 0)))];
      });
    case 'arrays':
    case 'idx':
      return [];
  }
}

async function gather(
  places: readonly unknown[],
  lead: (place: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const place of places) if (typeof place === 'string') found.push(...(await lead(place)));
  return found;
}

/** The folders that links in a folder lead to: of a linked file, the one around it. */
async function linksIn(folder: string, deeper: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && deeper > 0) found.push(...(await linksIn(file, deeper - 1)));
    if (!entry.isSymbolicLink()) continue;
    const place = await realPlace(file).catch(() => undefined);
    if (place === undefined) continue;
    const isFolder = await stat(place).then(
      (what) => what.isDirectory(),
      () => false,
    );
    found.push(isFolder ? place : path.dirname(place));
  }
  return [...new Set(found)];
}

/** The folder around several. */
function around(places: readonly string[]): string {
  return places.reduce((shared, place) => {
    const parts = place.split(path.sep);
    const own = shared.split(path.sep);
    const differs = own.findIndex((part, at) => part !== parts[at]);
    return differs === -1 ? shared : own.slice(0, differs).join(path.sep) || path.sep;
  });
}

function isWholeDisk(folder: string): boolean {
  return path.parse(folder).root === folder;
}
