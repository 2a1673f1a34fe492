/** `\x89HDF\r\n\x1a\n` */
const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** A superblock may follow a foreign header of 512, 1024, 2048… bytes; nobody's is longer than this. */
export const LONGEST_USER_BLOCK = 2 ** 16;

/** Bytes that tell whether a file is HDF5 and how long it should be. */
export const HEAD_BYTES = LONGEST_USER_BLOCK + 128;

export interface Superblock {
  readonly offset: number;
  /** What the file's length should be, where the superblock is whole enough to say. */
  readonly fileLength?: number;
}

/** Finds HDF5's superblock in a file's first bytes (HDF5 File Format Specification, section II.A). */
export function findSuperblock(head: Uint8Array): Superblock | undefined {
  for (let offset = 0; offset <= LONGEST_USER_BLOCK; offset = offset === 0 ? 512 : offset * 2) {
    if (SIGNATURE.every((byte, index) => head[offset + index] === byte)) {
      const fileLength = readEnd(new DataView(head.buffer, head.byteOffset + offset, head.length - offset));
      return { offset, ...(fileLength === undefined ? {} : { fileLength }) };
    }
  }
  return undefined;
}

/** Base address plus end-of-file address. */
function readEnd(block: DataView): number | undefined {
  if (block.byteLength < 13) return undefined;
  const version = block.getUint8(8);
  // Versions 0 and 1: base, free space, end of file. Versions 2 and 3: base, extension, end of file.
  const layout =
    version < 2 ? { sizeAt: 13, addressesAt: version === 0 ? 24 : 28 } : { sizeAt: 9, addressesAt: 12 };
  if (block.byteLength <= layout.sizeAt) return undefined;
  const size = block.getUint8(layout.sizeAt);
  if (size !== 4 && size !== 8) return undefined;
  const baseAt = layout.addressesAt;
  const endAt = baseAt + 2 * size;
  if (block.byteLength < endAt + size) return undefined;
  const read = (at: number) =>
    size === 4 ? block.getUint32(at, true) : Number(block.getBigUint64(at, true));
  return read(baseAt) + read(endAt);
}
