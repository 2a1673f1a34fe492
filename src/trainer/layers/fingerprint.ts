/**
 * Hashes of short texts of ASCII letters as TensorFlow computes them, in 64 bits.
 *
 * `fingerprint64`: FarmHash's Fingerprint64 (Geoff Pike, Google, 2014; farmhash.cc, farmhashna). `sipHash`: SipHash-2-4
 * (Aumasson and Bernstein, 2012).
 */

const MASK = (1n << 64n) - 1n;
const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;

/** Longer ones than the decimal digits of 64 bits are never asked for. */
export const MAX_HASHED = 32;

const whole = (value: bigint): bigint => value & MASK;
const rotateRight = (value: bigint, by: bigint): bigint => whole((value >> by) | (value << (64n - by)));
const rotateLeft = (value: bigint, by: bigint): bigint => rotateRight(value, 64n - by);
const mixShift = (value: bigint): bigint => value ^ (value >> 47n);

/** Little-endian. */
function fetch(bytes: Uint8Array, at: number, count: number): bigint {
  let value = 0n;
  for (let index = count - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
  return value;
}

function pair(u: bigint, v: bigint, by: bigint): bigint {
  const a = mixShift(whole((u ^ v) * by));
  return whole(mixShift(whole((v ^ a) * by)) * by);
}

/** @throws RangeError for a text of more than `MAX_HASHED` bytes */
export function fingerprint64(text: string): bigint {
  const bytes = new TextEncoder().encode(text);
  const size = bytes.length;
  if (size > MAX_HASHED) throw new RangeError(`found ${size} bytes to hash, expected at most ${MAX_HASHED}`);
  if (size === 0) return K2;
  const by = K2 + 2n * BigInt(size);
  if (size > 16) {
    const a = whole(fetch(bytes, 0, 8) * K1);
    const b = fetch(bytes, 8, 8);
    const c = whole(fetch(bytes, size - 8, 8) * by);
    const d = whole(fetch(bytes, size - 16, 8) * K2);
    const first = whole(rotateRight(whole(a + b), 43n) + rotateRight(c, 30n) + d);
    return pair(first, whole(a + rotateRight(whole(b + K2), 18n) + c), by);
  }
  if (size >= 8) {
    const a = whole(fetch(bytes, 0, 8) + K2);
    const b = fetch(bytes, size - 8, 8);
    const c = whole(rotateRight(b, 37n) * by + a);
    return pair(c, whole((rotateRight(a, 25n) + b) * by), by);
  }
  if (size >= 4) {
    const a = fetch(bytes, 0, 4);
    return pair(whole(BigInt(size) + (a << 3n)), fetch(bytes, size - 4, 4), by);
  }
  const [a, b, c] = [0, size >> 1, size - 1].map((at) => fetch(bytes, at, 1));
  const y = a + (b << 8n);
  const z = BigInt(size) + (c << 2n);
  return whole(mixShift(whole(y * K2) ^ whole(z * K0)) * K2);
}

/** With a key of two numbers of 64 bits. */
export function sipHash(text: string, [k0, k1]: readonly [bigint, bigint]): bigint {
  const bytes = new TextEncoder().encode(text);
  let v0 = 0x736f6d6570736575n ^ whole(k0);
  let v1 = 0x646f72616e646f6dn ^ whole(k1);
  let v2 = 0x6c7967656e657261n ^ whole(k0);
  let v3 = 0x7465646279746573n ^ whole(k1);
  const round = () => {
    v0 = whole(v0 + v1);
    v1 = rotateLeft(v1, 13n) ^ v0;
    v0 = rotateLeft(v0, 32n);
    v2 = whole(v2 + v3);
    v3 = rotateLeft(v3, 16n) ^ v2;
    v0 = whole(v0 + v3);
    v3 = rotateLeft(v3, 21n) ^ v0;
    v2 = whole(v2 + v1);
    v1 = rotateLeft(v1, 17n) ^ v2;
    v2 = rotateLeft(v2, 32n);
  };
  const words = Math.floor(bytes.length / 8);
  for (let word = 0; word <= words; word++) {
    const isLast = word === words;
    const read = fetch(bytes, word * 8, isLast ? bytes.length % 8 : 8);
    const block = isLast ? read | (BigInt(bytes.length & 0xff) << 56n) : read;
    v3 ^= block;
    round();
    round();
    v0 ^= block;
  }
  v2 ^= 0xffn;
  for (let index = 0; index < 4; index++) round();
  return v0 ^ v1 ^ v2 ^ v3;
}
