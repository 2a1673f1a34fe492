import type { Random } from '../../../src/data/random';
import { below, chance, pick } from '../draw';

/** Whole numbers at which something changes: signs, sizes of types, limits of readers. */
const EDGES = [
  ...[0n, 1n, 2n, 7n, 8n, 64n, 127n, 128n, 255n, 256n, 1000n, 65535n, 65536n, 1n << 20n, 1n << 24n],
  ...[(1n << 31n) - 1n, 1n << 31n, (1n << 32n) - 1n, 1n << 32n, 1n << 40n, (1n << 53n) - 1n, 1n << 53n],
  ...[(1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n, (1n << 64n) - 8n],
];

/** A number of 64 bits without a sign: an edge, a place in a file of that length, or near the number that was there. */
export function oddNumber(random: Random, before: bigint, fileLength: number): bigint {
  const choice = random();
  if (choice < 0.5) return pick(random, EDGES);
  if (choice < 0.75) return BigInt(below(random, fileLength + 1));
  const step = BigInt(below(random, 16) + 1);
  const near = chance(random, 0.5) ? before + step : before - step;
  return BigInt.asUintN(64, chance(random, 0.2) ? before * step : near);
}

/** Writes the lowest bytes of a number, the lowest first unless said otherwise. */
export function writeNumber(
  bytes: Uint8Array,
  at: number,
  size: number,
  value: bigint,
  bigEndian = false,
): void {
  for (let index = 0; index < size; index++) {
    const shift = BigInt(8 * (bigEndian ? size - 1 - index : index));
    bytes[at + index] = Number((value >> shift) & 0xffn);
  }
}

export function readNumber(bytes: Uint8Array, at: number, size: number, bigEndian = false): bigint {
  let value = 0n;
  for (let index = 0; index < size; index++) {
    value = (value << 8n) | BigInt(bytes[bigEndian ? at + index : at + size - 1 - index]!);
  }
  return value;
}
