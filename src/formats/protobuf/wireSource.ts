import { open, type FileHandle } from 'node:fs/promises';
import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { statFile } from '../byteSource';
import { throwIfStopped } from '../stoppable';
import { MAX_FIELDS, MAX_FIELDS_IN_FILE, MAX_PACKED_BYTES, MAX_TEXT_BYTES } from './bounds';
import { corrupt, FIELD_HEAD_BYTES, readField, readVarint, type WireField, type WireRange } from './wire';
import { t } from '../../l10n/translate';

/** What is read at once: fields are small and stand close together, tensors are jumped over. */
const WINDOW_BYTES = 64 * 1024;

/**
 * A protobuf file, or bytes in memory, of which only what is looked at is read: scanning a message jumps over the
 * contents of its fields. Close it when done.
 */
export class WireSource {
  private window: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  private windowOffset = 0;
  private fieldsLeft = MAX_FIELDS_IN_FILE;

  private constructor(
    /** Of the file; what bytes in memory are for people. */
    readonly path: string,
    readonly byteLength: number,
    private readonly handle: FileHandle | undefined,
  ) {}

  /** @throws Failure `FILE_MISSING` */
  static async open(path: string): Promise<WireSource> {
    const { size } = await statFile(path);
    return new WireSource(path, size, await open(path, 'r'));
  }

  static of(bytes: Uint8Array<ArrayBuffer>, name: string): WireSource {
    const source = new WireSource(name, bytes.byteLength, undefined);
    source.window = bytes;
    return source;
  }

  get whole(): WireRange {
    return { offset: 0, byteLength: this.byteLength };
  }

  /** Where that stretch is in the file, for a weight that is read later. */
  fileRange({ offset, byteLength }: WireRange): FileRange {
    return { path: this.path, offset, byteLength };
  }

  /**
   * The bytes of a stretch, valid until the next read.
   * @throws Failure `PROTO_CORRUPT` for a stretch outside the source
   */
  async bytes({ offset, byteLength }: WireRange): Promise<Uint8Array<ArrayBuffer>> {
    if (offset < 0 || byteLength < 0 || offset + byteLength > this.byteLength) {
      throw corrupt(
        offset,
        t('{0} bytes from there', byteLength),
        t('a stretch inside the {0} bytes', this.byteLength),
      );
    }
    const inside =
      offset >= this.windowOffset && offset + byteLength <= this.windowOffset + this.window.length;
    if (!inside)
      await this.fill(offset, Math.min(Math.max(byteLength, WINDOW_BYTES), this.byteLength - offset));
    const start = offset - this.windowOffset;
    return this.window.subarray(start, start + byteLength);
  }

  /** @throws Failure `PROTO_TOO_LARGE`, `PROTO_TEXT` */
  async text(field: WireRange): Promise<string> {
    bound(field, MAX_TEXT_BYTES, t('a text'));
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(await this.bytes(field));
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      const message = t('byte {0}: found text that is not UTF-8, expected UTF-8', field.offset);
      throw new Failure('input', 'PROTO_TEXT', message, { cause });
    }
  }

  /** Signed whole numbers, packed into one field; beyond 2^53 the nearest that JavaScript has. */
  async packedInts(field: WireRange): Promise<readonly number[]> {
    bound(field, MAX_PACKED_BYTES, t('a list of numbers'));
    const bytes = await this.bytes(field);
    const end = field.offset + field.byteLength;
    const values: number[] = [];
    for (let position = field.offset; position < end;) {
      const { value, next } = readVarint(bytes, field.offset, position, end);
      values.push(Number(BigInt.asIntN(64, value)));
      position = next;
    }
    return values;
  }

  /** float32 numbers, packed into one field. */
  async packedFloats(field: WireRange): Promise<readonly number[]> {
    bound(field, MAX_PACKED_BYTES, t('a list of numbers'));
    if (field.byteLength % 4 !== 0) {
      throw corrupt(field.offset, t('{0} bytes of float32', field.byteLength), t('a multiple of 4'));
    }
    const bytes = (await this.bytes(field)).slice();
    return Array.from(new Float32Array(bytes.buffer, 0, bytes.length / 4));
  }

  /** Counts a field against the file's bound. */
  spendField(): void {
    if (--this.fieldsLeft >= 0) return;
    throw new Failure(
      'input',
      'PROTO_TOO_LARGE',
      t('found more than {0} fields, expected at most so many', MAX_FIELDS_IN_FILE),
    );
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }

  private async fill(offset: number, byteLength: number): Promise<void> {
    const bytes = new Uint8Array(byteLength);
    for (let filled = 0; filled < byteLength;) {
      throwIfStopped();
      const read = await this.handle?.read(bytes, filled, byteLength - filled, offset + filled);
      if (!read || read.bytesRead === 0) {
        throw new Failure(
          'input',
          'FILE_SHORT',
          t(
            '{0}: ends at byte {1}, expected {2}; it changed since it was opened',
            this.path,
            offset + filled,
            offset + byteLength,
          ),
          { path: this.path },
        );
      }
      filled += read.bytesRead;
    }
    this.window = bytes;
    this.windowOffset = offset;
  }
}

/**
 * The fields of the message in that stretch, in the file's order. Contents are not read.
 * @throws Failure `PROTO_CORRUPT`, `PROTO_TOO_LARGE`
 */
export async function scanFields(source: WireSource, range: WireRange): Promise<readonly WireField[]> {
  const end = range.offset + range.byteLength;
  const fields: WireField[] = [];
  for (let position = range.offset; position < end;) {
    const head = await source.bytes({
      offset: position,
      byteLength: Math.min(FIELD_HEAD_BYTES, end - position),
    });
    source.spendField();
    const field = readField(head, position, position, end);
    if (fields.push(field) > MAX_FIELDS) {
      throw new Failure(
        'input',
        'PROTO_TOO_LARGE',
        t(
          'byte {0}: found a message of more than {1} fields, expected at most so many',
          range.offset,
          MAX_FIELDS,
        ),
      );
    }
    position = field.offset + field.byteLength;
  }
  return fields;
}

function bound({ offset, byteLength }: WireRange, most: number, what: string): void {
  if (byteLength <= most) return;
  throw new Failure(
    'input',
    'PROTO_TOO_LARGE',
    t('byte {0}: found {1} of {2} bytes, expected at most {3}', offset, what, byteLength, most),
  );
}
