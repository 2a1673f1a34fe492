import type { FileDone, Find, Stretch } from './messages';
import type { Reader } from './reader';

export interface FormatReport {
  readonly format: Stretch['format'];
  readonly files: number;
  /** Files that gave a graph, or numbers. */
  readonly read: number;
  /** How many files were refused with each code, the most frequent first. */
  readonly refused: ReadonlyMap<string, number>;
  /** How often something was refused after the file was open. */
  readonly later: ReadonlyMap<string, number>;
  readonly finds: readonly (Find & { readonly at: number })[];
  readonly peakBytes: number;
  readonly seconds: number;
}

/**
 * Reads a stretch of a format's damaged files and counts what became of them. A file that ends the child is read again,
 * alone: what does not happen then is no fault of it, but of the files before, and said so.
 */
export async function fuzzFormat(reader: Reader, stretch: Stretch): Promise<FormatReport> {
  const began = performance.now();
  const refused = new Map<string, number>();
  const later = new Map<string, number>();
  const finds: (Find & { at: number })[] = [];
  let read = 0;
  let peakBytes = 0;
  const receive = (done: FileDone) => {
    if (done.code === undefined) read++;
    else count(refused, done.code);
    for (const code of new Set(done.later)) count(later, code);
    for (const find of done.finds) finds.push({ ...find, at: done.at });
    peakBytes = Math.max(peakBytes, done.peakBytes);
  };
  let from = stretch.from;
  while (from < stretch.to) {
    const ended = await reader.read({ ...stretch, from }, receive);
    if (!ended) break;
    const { at } = ended;
    const alone = await reader.read({ ...stretch, from: at, to: at + 1 }, receive);
    if (alone) finds.push(alone);
    else if (ended.kind !== 'hang') {
      finds.push({ ...ended, text: `${ended.text}, after the files from ${from} on, not alone` });
    }
    from = at + 1;
  }
  const { format } = stretch;
  const seconds = (performance.now() - began) / 1000;
  const files = stretch.to - stretch.from;
  return { format, files, read, refused: sorted(refused), later: sorted(later), finds, peakBytes, seconds };
}

function count(counts: Map<string, number>, code: string): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}
