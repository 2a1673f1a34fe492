/**
 * The key under which a checkpoint keeps a slice of a variable: its name and extents in an encoding that sorts like
 * they do. Source: tensorflow/core/util/saved_tensor_slice_util.cc and core/lib/strings/ordered_code.cc.
 */
export function sliceKey(
  name: Uint8Array,
  extents: readonly { readonly start: number; readonly length: number }[],
): Uint8Array {
  const bytes = [...unsigned(0), ...text(name), ...unsigned(extents.length)];
  for (const { start, length } of extents) bytes.push(...signed(start), ...signed(length));
  return Uint8Array.from(bytes);
}

/** How many bytes, then those bytes, the highest first. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [bytes.length, ...bytes];
}

/** Zero and 255 take two bytes, so that a zero and a one can end the text. */
function text(value: Uint8Array): number[] {
  const escaped = [...value].flatMap((byte) => (byte === 0 ? [0, 255] : byte === 255 ? [255, 0] : [byte]));
  return [...escaped, 0, 1];
}

/** As many leading ones as bytes follow the first, then the number; a negative one is its complement. */
function signed(value: number): number[] {
  const magnitude = value < 0 ? -value - 1 : value;
  let length = 1;
  while (magnitude >= 2 ** (7 * length - 1)) length++;
  const bytes = Array.from({ length }, (_, index) =>
    Number(BigInt.asUintN(8, BigInt(value) >> BigInt(8 * (length - 1 - index)))),
  );
  // The ones that say the length fill the first byte from its top, and go over into the second beyond eight.
  const ones = ((1 << length) - 1) << (16 - length);
  bytes[0]! ^= (ones >> 8) & 0xff;
  if (length > 1) bytes[1]! ^= ones & 0xff;
  return bytes;
}
