import { Failure } from '../../core/failure';
import { t } from '../../l10n/translate';

/** How a field's content is stored. Groups, which protobuf gave up in 2008, are refused. */
export type WireType = 'varint' | 'fixed64' | 'bytes' | 'fixed32';

const WIRE_TYPES: Readonly<Record<number, WireType>> = {
  0: 'varint',
  1: 'fixed64',
  2: 'bytes',
  5: 'fixed32',
};

/** One field of a message, and where its content is: a place in the source, of which nothing was read. */
export interface WireField {
  readonly number: number;
  readonly type: WireType;
  /** The bits of a varint or a fixed number, unsigned; nothing for `bytes`. */
  readonly value: bigint;
  readonly offset: number;
  readonly byteLength: number;
}

/** A stretch of a source, in bytes from its start. */
export interface WireRange {
  readonly offset: number;
  readonly byteLength: number;
}

/** A tag of ten bytes and a length or a number of ten. */
export const FIELD_HEAD_BYTES = 20;

/**
 * The field at `position` of some bytes that begin at `base` of their source.
 * @param end of the message, in bytes of the source
 * @throws Failure `PROTO_CORRUPT`
 */
export function readField(bytes: Uint8Array, base: number, position: number, end: number): WireField {
  const tag = readVarint(bytes, base, position, end);
  const number = Number(tag.value >> 3n);
  const type = WIRE_TYPES[Number(tag.value & 7n)];
  if (!type) throw corrupt(position, t('wire type {0}', tag.value & 7n), t('a number, a text or a message'));
  if (number === 0 || number >= 2 ** 29)
    throw corrupt(position, t('field {0}', number), t('a field from 1 to 536870911'));
  if (type === 'varint') {
    const { value, next } = readVarint(bytes, base, tag.next, end);
    return { number, type, value, offset: tag.next, byteLength: next - tag.next };
  }
  if (type === 'bytes') {
    const { value, next } = readVarint(bytes, base, tag.next, end);
    if (value > BigInt(end - next)) {
      throw corrupt(
        position,
        t('field {0} of {1} bytes', number, value),
        t('at most {0}, which are left', end - next),
      );
    }
    return { number, type, value: 0n, offset: next, byteLength: Number(value) };
  }
  const byteLength = type === 'fixed64' ? 8 : 4;
  if (byteLength > end - tag.next) {
    throw corrupt(
      position,
      t('field {0} cut off after {1} bytes', number, end - tag.next),
      t('{0} bytes', byteLength),
    );
  }
  let value = 0n;
  for (let i = byteLength - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[tag.next - base + i] ?? 0);
  return { number, type, value, offset: tag.next, byteLength };
}

/** A whole number of up to 64 bits, seven a byte, the lowest first. */
export function readVarint(
  bytes: Uint8Array,
  base: number,
  position: number,
  end: number,
): { readonly value: bigint; readonly next: number } {
  // Up to 28 bits are exact in JavaScript's own integers, which is nearly every number of a file.
  let low = 0;
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    if (position + i >= end) {
      throw corrupt(
        position,
        t('a number that goes on past the end'),
        t('one that ends before byte {0}', end),
      );
    }
    const byte = bytes[position + i - base] ?? 0;
    if (i < 4) low |= (byte & 0x7f) << (7 * i);
    else value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value | BigInt(low)), next: position + i + 1 };
  }
  throw corrupt(position, t('a number of more than ten bytes'), t('at most ten'));
}

/** @throws Failure for a number that JavaScript cannot hold exactly */
export function int64Of(bits: bigint, what: string): number {
  const value = Number(BigInt.asIntN(64, bits));
  if (Number.isSafeInteger(value)) return value;
  throw new Failure('input', 'PROTO_NUMBER', t('{0}: found {1}, expected a number below 2^53', what, value));
}

/** The float32 whose bits a `fixed32` holds. */
export function floatOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number(BigInt.asUintN(32, bits)));
  return view.getFloat32(0);
}

export function corrupt(position: number, found: string, expected: string): Failure {
  return new Failure(
    'input',
    'PROTO_CORRUPT',
    t('byte {0}: found {1}, expected {2}', position, found, expected),
  );
}
