import type { h5wasm as H5Wasm } from 'h5wasm/node';
import { Failure } from '../../core/failure';

export type H5Library = typeof H5Wasm;

/** File opens by HDF5 fail with "no such file" (WASI's errno) unless they were asked for. */
const NO_SUCH_FILE = 44;

/** HDF5 writes its error messages into a file that it deletes. */
const OWN_SCRATCH_FILE = /^\/tmp\/tmpfile_[A-Za-z0-9]+$/;

const allowed = new Map<string, number>();
let library: Promise<H5Library> | undefined;

/** HDF5 compiled to WebAssembly; loaded when the first `.h5` is opened. */
export function loadH5(): Promise<H5Library> {
  library ??= (async () => {
    const { default: loaded } = await import('h5wasm/node');
    const { FS: files } = await loaded.ready;
    // An HDF5 file may send the library to any other file: external links, external storage, virtual datasets, plugins.
    // A model has no use for that, so only files that this process was asked to open can be.
    const open = files.open.bind(files);
    files.open = (path: string, ...rest: unknown[]) => {
      if (!allowed.has(path) && !OWN_SCRATCH_FILE.test(path)) throw noSuchFile();
      return (open as (...all: unknown[]) => ReturnType<typeof open>)(path, ...rest);
    };
    return loaded;
  })();
  return library;
}

/** What Emscripten's file system turns into an error of the C library. */
function noSuchFile(): Error {
  return Object.assign(new Error('no such file'), { name: 'ErrnoError', errno: NO_SUCH_FILE });
}

/** Lets HDF5 open a file until the returned function is called. */
export function allowFile(path: string): () => void {
  allowed.set(path, (allowed.get(path) ?? 0) + 1);
  return () => {
    const left = (allowed.get(path) ?? 1) - 1;
    if (left === 0) allowed.delete(path);
    else allowed.set(path, left);
  };
}

/** Runs a call into HDF5; what it throws (a printed stack of its own functions) becomes one line. */
export function callH5<T>(path: string, what: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'input',
      'H5_CORRUPT',
      `${path}: ${what} cannot be read: ${innermostReason(cause)}; the file is damaged`,
      { path, cause },
    );
  }
}

/** HDF5's error stack ends with the function that found the fault. */
function innermostReason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const reasons = [...text.matchAll(/in H5\w+\(\): (.+)/g)];
  return reasons.at(-1)?.[1]?.trim() ?? text.split('\n')[0]!;
}
