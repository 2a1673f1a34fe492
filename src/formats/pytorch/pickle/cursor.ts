import { t } from '../../../l10n/translate';
import { MAX_LINE_BYTES } from '../bounds';
import { PickleError } from './pickleError';

/** Bytes of a pickle, read from the front. Every read past the end is a `PickleEnd`. */
export class Cursor {
  private readonly view: DataView;
  private readonly buffer: Buffer;

  constructor(
    private readonly bytes: Uint8Array,
    public position: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(): number {
    return this.bytes[this.advance(1)]!;
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** A length; one that no file can have is past the end. */
  length64(): number {
    return Number(this.view.getBigUint64(this.advance(8), true));
  }

  bigEndianFloat64(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** UTF-8. Names are short and ASCII, for which a decoder takes longer than all else. */
  text(length: number): string {
    const start = this.advance(length);
    const end = start + length;
    let at = start;
    while (at < end && this.bytes[at]! < 0x80) at++;
    return at === end
      ? this.buffer.toString('latin1', start, end)
      : decodeText(this.bytes.subarray(start, end));
  }

  /** Up to a line feed, which is left out. */
  line(): string {
    const start = this.position;
    const end = this.bytes.subarray(start, start + MAX_LINE_BYTES).indexOf(10);
    if (end < 0) {
      if (start + MAX_LINE_BYTES > this.bytes.length) throw new PickleEnd();
      throw new PickleError(
        'PICKLE_LIMIT',
        t('a line longer than {0} bytes', MAX_LINE_BYTES),
        t('a shorter one'),
      );
    }
    this.position = start + end + 1;
    return decodeText(this.bytes.subarray(start, start + end));
  }

  private advance(length: number): number {
    const start = this.position;
    if (length > this.bytes.length - start) throw new PickleEnd();
    this.position = start + length;
    return start;
  }
}

/** The bytes ended inside a pickle. */
export class PickleEnd extends Error {
  override readonly name = 'PickleEnd';
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new PickleError('PICKLE_INVALID', t('bytes that are no UTF-8'), t('text'));
  }
}
