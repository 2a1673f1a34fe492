import { Failure, nearest } from '../core/failure';
import type { ZooEntry } from './architecture';
import { vgg } from './architectures/vgg';

const ENTRIES: readonly ZooEntry[] = [...vgg];

/** Every pretrained architecture, family by family. */
export function zooEntries(): readonly ZooEntry[] {
  return ENTRIES;
}

/**
 * The entry of that name, however it is capitalised.
 * @throws Failure `ZOO_UNKNOWN` that names the nearest one there is
 */
export function zooEntry(name: string): ZooEntry {
  const wanted = name.toLowerCase();
  const entry = ENTRIES.find((candidate) => candidate.name.toLowerCase() === wanted);
  if (entry) return entry;
  const near = nearest(
    name,
    ENTRIES.map((candidate) => candidate.name),
  );
  throw new Failure(
    'usage',
    'ZOO_UNKNOWN',
    `the zoo has no "${name}"; ${near === undefined ? 'list it to see what there is' : `the nearest is "${near}"`}`,
  );
}
