import path from 'node:path';
import type { File } from 'h5wasm/node';
import { allowFile, loadH5, untimed } from './library';
import { takeRefusal } from './refusals';

/**
 * Makes an HDF5 file. The library's clock stands still while it opens and closes it.
 * @param fill writes into it
 * @throws the system's error where it refused any of the file's bytes, and what `fill` throws
 */
export async function writeNewFile(target: string, fill: (file: File) => Promise<void>): Promise<void> {
  const library = await loadH5();
  const absolute = path.resolve(target);
  const forbid = allowFile(absolute);
  try {
    takeRefusal(absolute);
    const file = untimed(() => new library.File(absolute, 'w'));
    try {
      await fill(file);
    } finally {
      untimed(() => file.close());
    }
  } catch (cause) {
    // The library fails later, and of something else.
    throw takeRefusal(absolute) ?? cause;
  } finally {
    forbid();
  }
  const refusal = takeRefusal(absolute);
  if (refusal) throw refusal;
}
