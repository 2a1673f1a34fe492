import { maskedCrc32c } from '../../formats/tensorflow/crc32c';

/** A length of eight bytes and its checksum before the data, the data's checksum after it. */
const FRAME_BYTES = 8 + 4 + 4;

/**
 * A record of a TFRecord file (tensorflow/core/lib/io/record_writer.h): the data's length as uint64, the masked CRC-32C of
 * those eight bytes, the data, its masked CRC-32C, all little-endian.
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(FRAME_BYTES + data.byteLength);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.byteLength), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.byteLength, maskedCrc32c(data), true);
  return record;
}
