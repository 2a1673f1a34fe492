import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { concurrently } from './concurrently';

/** What the file system is asked at once. */
const AT_ONCE = 64;

/**
 * The state of files by their names, their sizes and the times of their last change: read without opening one, so a
 * change that keeps both size and time is not seen. A file that is gone has a state too.
 */
export async function fingerprintOf(files: readonly string[]): Promise<string> {
  const states = new Array<string>(files.length);
  await concurrently(files.entries(), AT_ONCE, async ([index, file]) => {
    const found = await stat(file).catch(() => undefined);
    states[index] = found ? `${found.size} ${found.mtimeMs}` : 'gone';
  });
  const hash = createHash('sha256');
  files.forEach((file, index) => hash.update(`${JSON.stringify(file)} ${states[index]}\n`));
  return hash.digest('hex');
}
