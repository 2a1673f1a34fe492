import { open, stat, type FileHandle } from 'node:fs/promises';
import { Failure } from '../core/failure';
import type { FileRange } from '../core/graph/layerGraph';
import { throwIfStopped } from './stoppable';
import { t } from '../l10n/translate';

/** Files opened for reading, each once, until `close`. */
export class ByteSource {
  private readonly handles = new Map<string, Promise<FileHandle>>();

  /**
   * The bytes of some ranges, one after the other, in a buffer of their own.
   * @throws Failure `FILE_MISSING`, `FILE_SHORT`
   */
  async read(ranges: readonly FileRange[]): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(ranges.reduce((sum, range) => sum + range.byteLength, 0));
    let position = 0;
    for (const range of ranges) {
      const part = bytes.subarray(position, position + range.byteLength);
      await this.fill(part, range);
      position += range.byteLength;
    }
    return bytes;
  }

  async close(): Promise<void> {
    const handles = [...this.handles.values()];
    this.handles.clear();
    for (const handle of await Promise.allSettled(handles)) {
      if (handle.status === 'fulfilled') await handle.value.close();
    }
  }

  private async fill(target: Uint8Array, { path, offset }: FileRange): Promise<void> {
    const handle = await this.handleOf(path);
    let filled = 0;
    while (filled < target.length) {
      throwIfStopped();
      const { bytesRead } = await handle.read(target, filled, target.length - filled, offset + filled);
      if (bytesRead === 0) {
        throw new Failure(
          'input',
          'FILE_SHORT',
          t(
            '{0}: ends at byte {1}, expected {2}; it changed since it was opened',
            path,
            offset + filled,
            offset + target.length,
          ),
          { path },
        );
      }
      filled += bytesRead;
    }
  }

  private handleOf(path: string): Promise<FileHandle> {
    const known = this.handles.get(path);
    if (known) return known;
    const handle = open(path, 'r').catch((cause: unknown) => {
      this.handles.delete(path);
      throw unreadable(path, cause);
    });
    this.handles.set(path, handle);
    return handle;
  }
}

/** The first bytes of a file, or of a part of it: fewer where it is shorter. */
export async function readHead(
  path: string,
  length: number,
  part?: FileRange,
): Promise<Uint8Array<ArrayBuffer>> {
  const { offset, byteLength } = part ?? { offset: 0, byteLength: (await statFile(path)).size };
  const source = new ByteSource();
  try {
    return await source.read([{ path, offset, byteLength: Math.min(length, byteLength) }]);
  } finally {
    await source.close();
  }
}

/** @throws Failure `FILE_MISSING` */
export async function statFile(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Whether there is such a file; a folder is none, and neither is what cannot be asked about. */
export function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function unreadable(path: string, cause: unknown): Failure {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return reason === 'ENOENT' || reason === 'ENOTDIR'
    ? new Failure('input', 'FILE_MISSING', t('{0}: there is no such file', path), { path, cause })
    : new Failure('input', 'FILE_UNREADABLE', t('{0}: cannot be read ({1})', path, reason), { path, cause });
}
