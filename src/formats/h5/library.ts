import { resolve } from 'node:path';
import type { h5wasm as H5Wasm } from 'h5wasm/node';
import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { GROWTH_FLOOR_BYTES, MAX_GROWTH } from './bounds';
import { HEAP_HEADER_BYTES, isEndlessHeap } from './globalHeap';
import { growingBy, loadQuietly } from './memoryLimit';
import { keepingRefusal } from './refusals';
import { t } from '../../l10n/translate';

export type H5Module = Awaited<typeof H5Wasm.ready>;

export interface H5Library {
  readonly File: typeof H5Wasm.File;
  readonly Group: typeof H5Wasm.Group;
  readonly Dataset: typeof H5Wasm.Dataset;
  /** The compiled library itself. */
  readonly module: H5Module;
}

/** The part of Emscripten's file system that HDF5's file access goes through; in Node it is the real one. */
interface FileSystem {
  open(path: string, ...rest: unknown[]): Stream;
  read(
    stream: Stream,
    memory: Uint8Array,
    offset: number,
    length: number,
    position?: number,
    ...rest: unknown[]
  ): number;
  fstat(fd: number): object;
  getStream(fd: number): Stream | null;
  write(stream: Stream, memory: Uint8Array, offset: number, length: number, ...rest: unknown[]): number;
}

interface Stream {
  readonly fd: number;
  /** The part of the file that HDF5 takes for the whole. */
  window?: FileRange;
  /** The path that it was opened by. */
  opened?: string;
}

/** "No such file", as WASI numbers errors. */
const NO_SUCH_FILE = 44;
const INPUT_ERROR = 29;
const STDERR = 2;

interface Permission {
  count: number;
  readonly bytes: number;
  readonly window: FileRange | undefined;
}

const allowed = new Map<string, Permission>();
let complaints = '';
/** Why this process kept the library from going on. */
let stopped: string | undefined;
let library: Promise<H5Library> | undefined;

/** HDF5 compiled to WebAssembly; loaded when the first `.h5` is opened. */
export function loadH5(): Promise<H5Library> {
  library ??= (async () => {
    const { loaded, module } = await loadQuietly(async () => {
      const { default: loaded } = await import('h5wasm/node');
      return { loaded, module: await loaded.ready };
    });
    const files = module.FS as unknown as FileSystem;
    confineOpening(files);
    confineReading(files);
    collectComplaints(files);
    const { File, Group, Dataset } = loaded;
    return { File, Group, Dataset, module };
  })();
  return library;
}

/**
 * Calls the library while its clock stands still. HDF5 stamps all that it makes with the time, and has no switch for that
 * here; files of one model shall be the same bytes whenever they are written.
 */
export function untimed<T>(call: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return call();
  } finally {
    Date.now = now;
  }
}

/**
 * An HDF5 file may send the library to any other: external links, external storage, virtual datasets, plug-ins. A model
 * has no use for that, so to HDF5 only those files exist that this process was asked to open.
 */
function confineOpening(files: FileSystem): void {
  const open = files.open.bind(files);
  files.open = (path, ...rest) => {
    const permission = allowed.get(path);
    if (permission) return Object.assign(open(path, ...rest), { window: permission.window, opened: path });
    throw Object.assign(new Error('no such file'), { name: 'ErrnoError', errno: NO_SUCH_FILE });
  };
}

/**
 * An HDF5 file that is stored inside another (a `.keras` archive keeps it as it is) is read where it lies: HDF5 sees a
 * stretch of the outer file as the whole. It asks for a file's length once, and for bytes by their position. What would
 * keep HDF5 busy for ever is not handed to it.
 */
function confineReading(files: FileSystem): void {
  const read = files.read.bind(files);
  const fstat = files.fstat.bind(files);
  const readWithin: FileSystem['read'] = (stream, memory, offset, length, position, ...rest) => {
    const { window } = stream;
    if (!window || position === undefined) return read(stream, memory, offset, length, position, ...rest);
    const left = Math.max(0, Math.min(length, window.byteLength - position));
    return left === 0 ? 0 : read(stream, memory, offset, left, window.offset + position, ...rest);
  };
  files.read = (stream, memory, offset, length, position, ...rest) => {
    const count = readWithin(stream, memory, offset, length, position, ...rest);
    if (position === undefined) return count;
    const readMore = (at: number) => {
      const more = new Uint8Array(HEAP_HEADER_BYTES);
      return readWithin(stream, more, 0, more.length, position + at) === more.length ? more : undefined;
    };
    const bytes = new Uint8Array(memory.buffer, memory.byteOffset + offset, count);
    if (isEndlessHeap(bytes, readMore)) {
      stopped = t('found texts without an end');
      throw Object.assign(new Error('a heap without end'), { name: 'ErrnoError', errno: INPUT_ERROR });
    }
    return count;
  };
  files.fstat = (fd) => {
    const found = fstat(fd);
    const window = files.getStream(fd)?.window;
    return window ? Object.assign(found, { size: window.byteLength }) : found;
  };
}

/**
 * HDF5 prints a stack of its own functions when it fails, and its wrapper then hands out whatever was in memory. What is
 * printed is kept here instead, and tells `callH5` of the failure. (The wrapper can throw too, but through the library's
 * frames: what those had open stays open.)
 */
function collectComplaints(files: FileSystem): void {
  const write = keepingRefusal(files.write.bind(files));
  files.write = (stream, memory, offset, length, ...rest) => {
    if (stream.fd !== STDERR) return write(stream, memory, offset, length, ...rest);
    const start = memory.byteOffset + offset;
    complaints += new TextDecoder().decode(new Uint8Array(memory.buffer, start, length).slice());
    return length;
  };
}

/**
 * Lets HDF5 open a file until the returned function is called.
 * @param bytes that it has, after which goes how much memory a call may take that reads it
 * @param window the part of it that is the HDF5 file, where that is not all of it; one a path, as archives have
 */
export function allowFile(path: string, bytes = 0, window?: FileRange): () => void {
  const permission = allowed.get(path) ?? { count: 0, bytes, window };
  permission.count++;
  allowed.set(path, permission);
  return () => {
    permission.count--;
    if (permission.count === 0) allowed.delete(path);
  };
}

/**
 * Runs a call into HDF5; a failure becomes one line.
 * @param what the part of the file that is read
 * @throws Failure `H5_CORRUPT`
 */
export function callH5<T>(path: string, what: string, call: () => T): T {
  complaints = '';
  stopped = undefined;
  const bytes = allowed.get(resolve(path))?.bytes ?? 0;
  const most = Math.max(GROWTH_FLOOR_BYTES, MAX_GROWTH * bytes);
  const hear = (isRefused: boolean) => {
    stopped = isRefused
      ? t('it claims more than {0} bytes of memory in a file of {1}', most, bytes)
      : undefined;
  };
  const fail = (reason: string, cause?: unknown) =>
    new Failure(
      'input',
      'H5_CORRUPT',
      t('{0}: {1} cannot be read: {2}; the file is damaged', path, what, reason),
      {
        path,
        cause,
      },
    );
  let result: T;
  try {
    result = growingBy(most, hear, call);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw fail(
      stopped ?? innermostReason(complaints) ?? (cause instanceof Error ? cause.message : String(cause)),
      cause,
    );
  }
  if (complaints !== '')
    throw fail(stopped ?? innermostReason(complaints) ?? t('HDF5 gives no reason'), complaints);
  return result;
}

/** The function that found the fault comes last in the first stack. */
function innermostReason(printed: string): string | undefined {
  const firstStack = printed.split('HDF5-DIAG:')[1] ?? '';
  return [...firstStack.matchAll(/ in H5\w+\(\): (.+)/g)].at(-1)?.[1]?.trim();
}
