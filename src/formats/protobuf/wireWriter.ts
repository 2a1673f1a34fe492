/**
 * A message being written: fields are appended in order. Small; what is large is streamed between the bytes of two
 * messages (see `openField`).
 */
export class WireWriter {
  private parts: Uint8Array[] = [];
  private length = 0;

  get byteLength(): number {
    return this.length;
  }

  /** A whole number; negative ones take ten bytes, as in protobuf's int64. */
  int(field: number, value: number | bigint): this {
    return this.append(varint(tag(field, 0))).append(varint(BigInt(value)));
  }

  float(field: number, value: number): this {
    return this.append(varint(tag(field, 5))).append(new Uint8Array(Float32Array.of(value).buffer));
  }

  double(field: number, value: number): this {
    return this.append(varint(tag(field, 1))).append(new Uint8Array(Float64Array.of(value).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.openField(field, value.byteLength).append(value);
  }

  message(field: number, message: WireWriter): this {
    return this.openField(field, message.byteLength).concat(message);
  }

  /** The fields of another message, after those that are here. */
  concat(message: WireWriter): this {
    for (const part of message.parts) this.append(part);
    return this;
  }

  packedInts(field: number, values: readonly number[]): this {
    const packed = new WireWriter();
    for (const value of values) packed.append(varint(BigInt(value)));
    return this.message(field, packed);
  }

  packedFloats(field: number, values: readonly number[]): this {
    return this.bytes(field, new Uint8Array(Float32Array.from(values).buffer));
  }

  /** The head of a field of so many bytes, which the caller writes next. */
  openField(field: number, byteLength: number): this {
    return this.append(varint(tag(field, 2))).append(varint(BigInt(byteLength)));
  }

  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.length);
    let position = 0;
    for (const part of this.parts) {
      bytes.set(part, position);
      position += part.byteLength;
    }
    return bytes;
  }

  private append(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.byteLength;
    return this;
  }
}

const tag = (field: number, type: number): bigint => (BigInt(field) << 3n) | BigInt(type);

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
