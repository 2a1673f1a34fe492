import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import { throwIfStopped } from '../stoppable';
import { CHUNK_BYTES, FAR_WINDOW_BYTES, NEXT_WINDOW_BYTES } from './bounds';

/**
 * Reads a file for yauzl, which asks for a few dozen bytes at a time: for each entry twice in the archive's directory and
 * once at the entry itself. Around what it asks for more is read and kept until it asks elsewhere, more still where it
 * reads on.
 */
export class WindowReader extends RandomAccessReader {
  private window: Buffer = Buffer.alloc(0);
  private start = 0;
  /** How often the file itself was read. */
  reads = 0;

  private constructor(private readonly file: FileHandle) {
    super();
  }

  static async open(path: string): Promise<WindowReader> {
    return new WindowReader(await open(path));
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const end = this.start + this.window.length;
    if (position >= this.start && position + length <= end) {
      const from = position - this.start;
      done(null, this.window.copy(buffer, offset, from, from + length));
      return;
    }
    const isNext = position >= this.start && position < end + FAR_WINDOW_BYTES;
    const size = Math.max(length, isNext ? NEXT_WINDOW_BYTES : FAR_WINDOW_BYTES);
    this.reads++;
    this.readFile(size, position).then(
      ({ buffer: read, bytesRead }) => {
        this.window = read.subarray(0, bytesRead);
        this.start = position;
        done(null, read.copy(buffer, offset, 0, Math.min(length, bytesRead)));
      },
      (error: unknown) => {
        done(asError(error));
      },
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.chunks(start, end), { objectMode: false });
  }

  override close(done: (error: Error | null) => void): void {
    this.end().then(
      () => {
        done(null);
      },
      (error: unknown) => {
        done(asError(error));
      },
    );
  }

  private async *chunks(start: number, end: number): AsyncGenerator<Uint8Array> {
    let at = start;
    while (at < end) {
      const size = Math.min(CHUNK_BYTES, end - at);
      const { buffer, bytesRead } = await this.readFile(size, at);
      // That the stream ends too soon is yauzl's to tell.
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  private async readFile(size: number, position: number) {
    throwIfStopped();
    return this.file.read(Buffer.allocUnsafe(size), 0, size, position);
  }

  /** For where yauzl never took it over. */
  end(): Promise<void> {
    return this.file.close();
  }
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
