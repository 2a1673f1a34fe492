/** A line grew past its bound: the peer or the file is not what it should be. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
  constructor(readonly limit: number) {
    super(`a line is longer than ${limit} bytes`);
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
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.hold(chunk.subarray(start, end));
      lines.push(this.release());
      start = end + 1;
    }
    // A copy, which a Buffer's own slice is not: the caller may use its buffer again.
    if (start < chunk.length) this.hold(Uint8Array.from(chunk.subarray(start)));
    return lines;
  }

  private hold(part: Uint8Array): void {
    this.pendingBytes += part.length;
    if (this.pendingBytes > this.limit) throw new LineTooLong(this.limit);
    this.pending.push(part);
  }

  private release(): string {
    const line = Buffer.concat(this.pending).toString('utf8');
    this.pending = [];
    this.pendingBytes = 0;
    return line;
  }
}
