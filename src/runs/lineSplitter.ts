import { t } from '../l10n/translate';

/** A line grew past its bound: the peer or the file is not what it should be. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
  constructor(readonly limit: number) {
    super(t('a line is longer than {0} bytes', limit));
  }
}

const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines, whatever the chunks: a line is given out once its newline has come, so that a
 * torn end is never mistaken for a line. Splitting bytes, not text, keeps a character cut in two by a chunk whole.
 */
export class LineSplitter {
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;

  /** @param limit the longest line, in bytes, newline not counted */
  constructor(private readonly limit: number) {}

  /** Bytes that wait for their newline. */
  get waiting(): number {
    return this.pendingBytes;
  }

  /** @throws LineTooLong */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.each(bytes, (line, start, end) => lines.push(line.toString('utf8', start, end)));
    return lines;
  }

  /**
   * Calls `take` with each line as a stretch of bytes, where it lies if it lies in the chunk whole.
   * @throws LineTooLong
   */
  each(chunk: Buffer, take: (bytes: Buffer, start: number, end: number) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (this.pendingBytes > 0 || end - start > this.limit) {
        this.hold(chunk.subarray(start, end));
        const line = this.release();
        take(line, 0, line.length);
      } else take(chunk, start, end);
      start = end + 1;
    }
    // A copy, which a Buffer's own slice is not: the caller may use its buffer again.
    if (start < chunk.length) this.hold(Uint8Array.from(chunk.subarray(start)));
  }

  private hold(part: Uint8Array): void {
    this.pendingBytes += part.length;
    if (this.pendingBytes > this.limit) throw new LineTooLong(this.limit);
    this.pending.push(part);
  }

  private release(): Buffer {
    const line = Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    return line;
  }
}
