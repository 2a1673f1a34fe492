import fs, { type PathLike } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Lets files be looked at, opened and read at once, where Node would ask another thread and wait: a small file takes less
 * time to read than to wait for. What is read, and in which order, stays the same.
 */
export function readAtOnce(): void {
  const { open } = fs.promises;
  const soon =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Result) =>
    (...args: Args): Promise<Result> =>
      new Promise((resolve) => resolve(call(...args)));
  Object.assign(fs.promises, {
    stat: soon(fs.statSync),
    readFile: soon(fs.readFileSync),
    readdir: soon(fs.readdirSync),
    open: (file: PathLike, flags: string = 'r', ...mode: [number?]) =>
      flags === 'r' ? soon(openAtOnce)(file) : open(file, flags, ...mode),
  });
  syncBuiltinESMExports();
}

/** The part of a `FileHandle` that readers use. */
function openAtOnce(file: PathLike) {
  const fd = fs.openSync(file, 'r');
  const read = async (buffer: Uint8Array, offset: number, length: number, position: number) => ({
    bytesRead: fs.readSync(fd, buffer, offset, length, position),
    buffer,
  });
  return { fd, read, close: async () => fs.closeSync(fd) };
}
