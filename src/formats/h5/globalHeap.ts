/** `GCOL`, how a collection of HDF5's global heap begins (File Format Specification, section III.E). */
const SIGNATURE = 0x4c4f4347;

/** Signature, version and size of a collection; then its objects, each with a header of as many bytes. */
export const HEAP_HEADER_BYTES = 16;

/** Objects and the bytes between them begin at multiples of this. */
const ALIGNMENT = 8;

/**
 * Whether HDF5 would look for the end of a collection of texts for ever: it steps from object to object by the size that
 * each claims, which in a damaged file may be nothing, or so much that its numbers of 32 bits wrap around to where it was
 * before. A step over the collection's end is refused too; no whole file has one.
 * @param bytes that were read; anything but a collection's beginning is fine
 * @param readMore of the file, counted from the same place; nothing past its end
 */
export function isEndlessHeap(bytes: Uint8Array, readMore: (at: number) => Uint8Array | undefined): boolean {
  if (bytes.length < HEAP_HEADER_BYTES) return false;
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== SIGNATURE) return false;
  const size = view.getUint32(8, true);
  for (let at = HEAP_HEADER_BYTES; at + HEAP_HEADER_BYTES <= size;) {
    const inside = at + HEAP_HEADER_BYTES <= bytes.length;
    const more = inside ? undefined : readMore(at);
    const header = inside ? view : more && viewOf(more);
    if (!header) return false;
    const start = inside ? at : 0;
    const isFree = header.getUint16(start, true) === 0;
    // The upper half of the number is lost on HDF5 too, where memory is addressed with 32 bits.
    const length = header.getUint32(start + 8, true);
    const step = isFree ? length : HEAP_HEADER_BYTES + Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    if (step === 0 || step > size - at) return true;
    at += step;
  }
  return false;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
