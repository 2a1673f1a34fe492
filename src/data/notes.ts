import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { concurrently } from './concurrently';
import { t, tn } from '../l10n/translate';

/** Something about data that people should know before they trust what comes of it. */
export interface DataNote {
  readonly code: string;
  readonly message: string;
}

/** With fewer training samples a class is hardly more than its own noise. */
const FEWEST = 5;
/** From here on a model that always says the largest class looks good. */
const IMBALANCE = 5;
/** Files and classes that a message names. */
const SHOWN = 5;
const AT_ONCE = 16;

/** What the training samples' counts say: classes with next to none, and one far larger than another. */
export function noteCounts(classes: readonly string[], labels: Iterable<number>): readonly DataNote[] {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const named = classes.map((name, label) => ({ name, count: counts[label] ?? 0 }));
  const few = named.filter(({ count }) => count < FEWEST);
  const notes: DataNote[] = [];
  if (few.length > 0) {
    const found = list(few.map(({ name, count }) => `"${name}" (${count})`));
    notes.push({
      code: 'CLASS_NEARLY_EMPTY',
      message: t(
        'fewer than {0} training samples in {1} of {2} classes: {3}; add samples',
        FEWEST,
        few.length,
        classes.length,
        found,
      ),
    });
  }
  const sorted = named.filter(({ count }) => count > 0).sort((a, b) => a.count - b.count);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least && most && most.count >= IMBALANCE * least.count && most.count >= FEWEST) {
    notes.push({
      code: 'CLASS_IMBALANCE',
      message: t(
        'the class "{0}" has {1} training samples, "{2}" has {3}: accuracy will speak of the large classes; weigh the classes or add samples of the small ones',
        most.name,
        most.count,
        least.name,
        least.count,
      ),
    });
  }
  return notes;
}

/**
 * Images that are in the training and in the validation data, under whatever name: only files of one size that is in
 * both are read, and compared by SHA-256.
 */
export async function noteDuplicates(
  train: readonly string[],
  validation: readonly string[],
): Promise<readonly DataNote[]> {
  const [trained, held] = [await bySize(train), await bySize(validation)];
  const both = [...held.keys()].filter((size) => trained.has(size));
  const suspects = (files: ReadonlyMap<number, readonly string[]>) =>
    byContent(both.flatMap((size) => files.get(size) ?? []));
  const [seen, kept] = [await suspects(trained), await suspects(held)];
  const pairs = [...kept].flatMap(([content, files]) => {
    const twin = seen.get(content)?.[0];
    return twin === undefined ? [] : files.map((file) => ({ file, twin }));
  });
  if (pairs.length === 0) return [];
  const found = list(pairs.map(({ file, twin }) => t('{0} is {1}', shortName(file), shortName(twin))));
  return [
    {
      code: 'DATA_IN_BOTH_SPLITS',
      message: tn(
        pairs.length,
        '{0} of {1} validation images is in the training data too ({2}): validation looks better than it is; remove the copies',
        '{0} of {1} validation images are in the training data too ({2}): validation looks better than it is; remove the copies',
        pairs.length,
        validation.length,
        found,
      ),
    },
  ];
}

async function bySize(files: readonly string[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const sizes = new Array<number | undefined>(files.length);
  await concurrently(files.entries(), AT_ONCE, async ([index, file]) => {
    sizes[index] = (await stat(file).catch(() => undefined))?.size;
  });
  return grouped(files, sizes);
}

async function byContent(files: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const hashes = new Array<string | undefined>(files.length);
  await concurrently(files.entries(), AT_ONCE, async ([index, file]) => {
    // A file that cannot be read is another's to tell.
    const bytes = await readFile(file).catch(() => undefined);
    hashes[index] = bytes && createHash('sha256').update(bytes).digest('hex');
  });
  return grouped(files, hashes);
}

function grouped<K>(
  files: readonly string[],
  keys: readonly (K | undefined)[],
): ReadonlyMap<K, readonly string[]> {
  const groups = new Map<K, string[]>();
  files.forEach((file, index) => {
    const key = keys[index];
    if (key === undefined) return;
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  });
  return groups;
}

/** The file and its folder, which names its class. */
const shortName = (file: string) => path.join(path.basename(path.dirname(file)), path.basename(file));

function list(items: readonly string[]): string {
  const rest = items.length - SHOWN;
  const shown = items.slice(0, SHOWN).join(', ');
  return rest > 0 ? t('{0} and {1} more', shown, rest) : shown;
}
