import type { Random } from '../../../src/data/random';
import { below, chance, pick } from '../draw';
import type { Mutator } from './mutator';
import { oddNumber, readNumber, writeNumber } from './numbers';

/** Damage that needs no knowledge of a format: what disks, networks and text modes do, and numbers set to their edges. */
export const mutateBytes: Mutator = (bytes, random) => {
  if (bytes.length === 0) return Uint8Array.of(below(random, 256));
  return pick(random, WAYS)(bytes, random);
};

type Way = (bytes: Uint8Array, random: Random) => Uint8Array;

const flipBits: Way = (bytes, random) => {
  const damaged = bytes.slice();
  const count = 1 + below(random, 8);
  for (let index = 0; index < count; index++) damaged[place(bytes, random)]! ^= 1 << below(random, 8);
  return damaged;
};

const setBytes: Way = (bytes, random) => {
  const damaged = bytes.slice();
  const count = 1 + below(random, 8);
  for (let index = 0; index < count; index++) damaged[place(bytes, random)] = below(random, 256);
  return damaged;
};

const truncate: Way = (bytes, random) => bytes.slice(0, below(random, bytes.length));

/** Lengths and offsets are numbers of 2, 4 or 8 bytes, often where such numbers begin. */
const setNumber: Way = (bytes, random) => {
  const damaged = bytes.slice();
  const size = pick(random, [1, 2, 4, 8]);
  if (bytes.length < size) return flipBits(bytes, random);
  const anywhere = Math.min(place(bytes, random), bytes.length - size);
  const at = chance(random, 0.7) ? anywhere - (anywhere % size) : anywhere;
  const bigEndian = chance(random, 0.2);
  const odd = oddNumber(random, readNumber(bytes, at, size, bigEndian), bytes.length);
  writeNumber(damaged, at, size, odd, bigEndian);
  return damaged;
};

const cutOut: Way = (bytes, random) => {
  const [start, end] = stretch(bytes, random);
  return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
};

const repeat: Way = (bytes, random) => {
  const [start, end] = stretch(bytes, random);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
};

const copyOver: Way = (bytes, random) => {
  const [start, end] = stretch(bytes, random);
  const damaged = bytes.slice();
  damaged.copyWithin(place(bytes, random), start, end);
  return damaged;
};

const fill: Way = (bytes, random) => {
  const [start, end] = stretch(bytes, random);
  return bytes.slice().fill(pick(random, [0, 0xff, 0x20, 0x80]), start, end);
};

const append: Way = (bytes, random) => {
  const more = Uint8Array.from({ length: 1 + below(random, 64) }, () => below(random, 256));
  return Buffer.concat([bytes, more]);
};

const WAYS: readonly Way[] = [
  ...[flipBits, flipBits, setBytes, setBytes, setNumber, setNumber, setNumber],
  ...[truncate, cutOut, repeat, copyOver, fill, append],
];

/** Headers stand at the start and at the end of files: a third of all damage goes to each. */
function place(bytes: Uint8Array, random: Random): number {
  const edge = Math.min(512, bytes.length);
  const choice = random();
  if (choice < 1 / 3) return below(random, edge);
  if (choice < 2 / 3) return bytes.length - 1 - below(random, edge);
  return below(random, bytes.length);
}

function stretch(bytes: Uint8Array, random: Random): readonly [number, number] {
  const start = place(bytes, random);
  return [start, Math.min(bytes.length, start + 1 + below(random, chance(random, 0.8) ? 32 : 4096))];
}
