import { stat } from 'node:fs/promises';
import path from 'node:path';
import { concurrently } from '../../data/concurrently';
import type { TrainingData } from '../../data/openData';
import { t } from '../../l10n/translate';

/** A file as the file system tells of it, without opening it. */
export interface FileState {
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds since 1970 UTC, of the last change. */
  readonly modified: number;
}

/** What the file system is asked at once. */
const AT_ONCE = 64;

/** The files that a run's samples come from, each once. */
export function filesOfData({ train, validation }: TrainingData): readonly string[] {
  return [...new Set([...train.dataset.files, ...validation.dataset.files])];
}

/** The files as they are now, those that are gone left out. */
export async function statesOf(files: readonly string[]): Promise<readonly FileState[]> {
  const states: (FileState | undefined)[] = new Array<undefined>(files.length).fill(undefined);
  await concurrently(files.entries(), AT_ONCE, async ([index, file]) => {
    const found = await stat(file).catch(() => undefined);
    if (found) states[index] = { file, bytes: found.size, modified: Math.round(found.mtimeMs) };
  });
  return states.filter((state) => state !== undefined);
}

/** What became of files: a sentence for each that is not what it was, `cats/7.png: found 12 bytes, expected 34`. */
export function changesBetween(before: readonly FileState[], now: readonly FileState[]): readonly string[] {
  const found = new Map(now.map((state) => [state.file, state]));
  const known = new Set(before.map(({ file }) => file));
  const changed = before.flatMap(({ file, bytes, modified }) => {
    const state = found.get(file);
    if (!state) return [t('{0}: gone', file)];
    if (state.bytes !== bytes) return [t('{0}: found {1} bytes, expected {2}', file, state.bytes, bytes)];
    if (state.modified === modified) return [];
    return [t('{0}: found it changed at {1}, expected {2}', file, when(state.modified), when(modified))];
  });
  return [...changed, ...now.filter(({ file }) => !known.has(file)).map(({ file }) => t('{0}: new', file))];
}

const when = (time: number) => new Date(time).toISOString();

/** Paths as a run folder keeps them, so that a workspace can move. */
export function relativeTo(run: string, file: string): string {
  return path.relative(run, file).split(path.sep).join('/');
}
