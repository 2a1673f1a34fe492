import { Failure } from '../../core/failure';
import { readVarint } from '../protobuf/wire';
import { MAX_BUNDLE_ENTRIES, MAX_KEY_BYTES } from './bounds';
import { maskedCrc32c } from './crc32c';
import { t } from '../../l10n/translate';

/**
 * The sorted table of LevelDB in which a checkpoint's index is (tensorflow/core/lib/io/table_builder.cc): blocks of
 * entries whose keys leave out what they share with the key before, then a block that says where the blocks are, then
 * a footer that says where that one is.
 */

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** The kind of compression, and the checksum. */
const TRAILER_BYTES = 5;

export interface TableEntry {
  readonly key: Uint8Array<ArrayBuffer>;
  readonly value: Uint8Array<ArrayBuffer>;
}

interface Block {
  readonly offset: number;
  readonly byteLength: number;
}

/** Whether the last bytes of a file are those of a table. */
export function endsInTable(tail: Uint8Array): boolean {
  if (tail.length < 8) return false;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  return view.getBigUint64(tail.length - 8, true) === MAGIC;
}

/**
 * Every entry of a table, in its order.
 * @throws Failure `BUNDLE_CORRUPT`, `BUNDLE_COMPRESSED`, `BUNDLE_TOO_LARGE`
 */
export function readTable(file: Uint8Array<ArrayBuffer>): readonly TableEntry[] {
  if (file.length < FOOTER_BYTES || !endsInTable(file)) {
    throw corrupt(
      Math.max(0, file.length - 8),
      t('no end of a table'),
      t('the mark that a whole index ends with'),
    );
  }
  const footer = file.length - FOOTER_BYTES;
  const meta = readHandle(file, 0, footer, file.length - 8, footer);
  const index = readHandle(file, 0, meta.next, file.length - 8, footer);
  const entries: TableEntry[] = [];
  let keyBytes = 0;
  let end = 0;
  for (const { value } of readBlock(file, index.block)) {
    const { block } = readHandle(value, 0, 0, value.length, footer);
    if (block.offset < end) throw corrupt(block.offset, t('blocks that overlap'), t('one after the other'));
    end = block.offset + block.byteLength + TRAILER_BYTES;
    for (const entry of readBlock(file, block)) {
      if (entries.push(entry) > MAX_BUNDLE_ENTRIES) throw tooLarge(t('{0} entries', MAX_BUNDLE_ENTRIES));
      keyBytes += entry.key.length;
      if (keyBytes > MAX_KEY_BYTES) throw tooLarge(t('{0} bytes of names', MAX_KEY_BYTES));
    }
  }
  return entries;
}

function readHandle(bytes: Uint8Array, base: number, position: number, end: number, limit: number) {
  const offset = readVarint(bytes, base, position, end);
  const size = readVarint(bytes, base, offset.next, end);
  if (offset.value + size.value + BigInt(TRAILER_BYTES) > BigInt(limit)) {
    throw corrupt(
      position,
      t('a block of {0} bytes at {1}', size.value, offset.value),
      t('one that ends before byte {0}', limit),
    );
  }
  const block: Block = { offset: Number(offset.value), byteLength: Number(size.value) };
  return { block, next: size.next };
}

function readBlock(file: Uint8Array<ArrayBuffer>, { offset, byteLength }: Block): readonly TableEntry[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const stored = view.getUint32(offset + byteLength + 1, true);
  if (maskedCrc32c(file.subarray(offset, offset + byteLength + 1)) !== stored) {
    throw corrupt(
      offset,
      t('a block whose checksum is another'),
      t('the one it was written with; copy it again'),
    );
  }
  if (file[offset + byteLength] !== 0) {
    throw new Failure(
      'input',
      'BUNDLE_COMPRESSED',
      t('byte {0}: found a compressed block, expected a plain one, as TensorFlow writes', offset),
    );
  }
  if (byteLength < 4) throw corrupt(offset, t('a block of {0} bytes', byteLength), t('at least 4'));
  const restarts = view.getUint32(offset + byteLength - 4, true);
  const end = offset + byteLength - 4 - 4 * restarts;
  if (restarts > byteLength / 4 || end < offset) {
    throw corrupt(offset, t('a block with {0} restarts', restarts), t('at most {0}', byteLength / 4 - 1));
  }
  return readEntries(file, offset, end);
}

function readEntries(file: Uint8Array<ArrayBuffer>, offset: number, end: number): readonly TableEntry[] {
  const entries: TableEntry[] = [];
  let keyBytes = 0;
  let before = new Uint8Array(0);
  for (let position = offset; position < end;) {
    const shared = readVarint(file, 0, position, end);
    const fresh = readVarint(file, 0, shared.next, end);
    const length = readVarint(file, 0, fresh.next, end);
    const start = length.next;
    if (shared.value > BigInt(before.length) || fresh.value + length.value > BigInt(end - start)) {
      throw corrupt(position, t('an entry that reaches out of its block'), t('one inside it'));
    }
    const split = start + Number(fresh.value);
    const key = new Uint8Array(Number(shared.value) + Number(fresh.value));
    keyBytes += key.length;
    if (keyBytes > MAX_KEY_BYTES) throw tooLarge(t('{0} bytes of names', MAX_KEY_BYTES));
    key.set(before.subarray(0, Number(shared.value)));
    key.set(file.subarray(start, split), Number(shared.value));
    position = split + Number(length.value);
    entries.push({ key, value: file.slice(split, position) });
    before = key;
  }
  return entries;
}

function tooLarge(limit: string): Failure {
  return new Failure(
    'input',
    'BUNDLE_TOO_LARGE',
    t('found an index of more than {0}, expected at most so many', limit),
  );
}

function corrupt(position: number, found: string, expected: string): Failure {
  return new Failure(
    'input',
    'BUNDLE_CORRUPT',
    t('byte {0} of the index: found {1}, expected {2}', position, found, expected),
  );
}
