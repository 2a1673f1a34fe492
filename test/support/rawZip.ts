import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of an archive to be made, each field of its headers free to lie. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly data?: Uint8Array | string;
  readonly deflate?: boolean;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  /** What the headers say instead of the truth. */
  readonly size?: number;
  readonly compressedSize?: number;
  readonly offset?: number;
}

const UTF8_NAME = 0x800;

/** A ZIP archive, byte by byte (PKWARE's APPNOTE, 4.3), so that tests can make what no library would. */
export function rawZip(entries: readonly RawEntry[], end: { readonly count?: number } = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const plain = Buffer.from(entry.data ?? '');
    const data = entry.deflate ? deflateRawSync(plain) : plain;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(entry.flags ?? UTF8_NAME, 2);
    shared.writeUInt16LE(entry.method ?? (entry.deflate ? 8 : 0), 4);
    shared.writeUInt32LE(entry.crc ?? crc32(plain), 10);
    shared.writeUInt32LE(entry.compressedSize ?? data.length, 14);
    shared.writeUInt32LE(entry.size ?? plain.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(entry.offset ?? position, 10);
    locals.push(Buffer.from('PK\u0003\u0004'), shared, name, data);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000'), shared, tail, name);
    position += 4 + shared.length + name.length + data.length;
  }
  const listing = Buffer.concat(directory);
  const closing = Buffer.alloc(22);
  closing.write('PK\u0005\u0006');
  closing.writeUInt16LE(end.count ?? entries.length, 8);
  closing.writeUInt16LE(end.count ?? entries.length, 10);
  closing.writeUInt32LE(listing.length, 12);
  closing.writeUInt32LE(position, 16);
  return Buffer.concat([...locals, listing, closing]);
}
