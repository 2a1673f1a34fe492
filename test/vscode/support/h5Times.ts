/** Of an object header of version 2: its times are stored, its phase change values are. */
const [TIMES, PHASES] = [0x20, 0x10];

/**
 * An HDF5 file with the times zeroed that its object headers (HDF5 File Format Specification 3.0, IV.A.1.b) keep of when
 * they were written, and the checksums over them: everything else of two files that were written alike is the same.
 */
export function withoutTimes(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  for (let at = copy.indexOf('OHDR'); at !== -1; at = copy.indexOf('OHDR', at + 4)) {
    const flags = copy[at + 5] ?? 0;
    if (copy[at + 4] !== 2 || (flags & TIMES) === 0) continue;
    copy.fill(0, at + 6, at + 22);
    const size = at + 22 + ((flags & PHASES) === 0 ? 0 : 4);
    const width = 1 << (flags & 3);
    const end = size + width + copy.readUIntLE(size, Math.min(width, 6));
    copy.fill(0, end, end + 4);
  }
  return copy;
}
