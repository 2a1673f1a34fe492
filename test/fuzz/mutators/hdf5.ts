import type { Random } from '../../../src/data/random';
import { below, chance, pick } from '../draw';
import type { Mutator } from './mutator';
import { oddNumber, readNumber, writeNumber } from './numbers';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

/** What HDF5's blocks begin with (File Format Specification, section III). */
const BLOCKS = ['TREE', 'SNOD', 'HEAP', 'GCOL', 'OHDR', 'OCHK', 'FRHP', 'BTHD'].map((name) =>
  Buffer.from(name),
);

/** How much of a block counts as its header. */
const HEADER_BYTES = 64;

/** Sizes, versions and addresses in HDF5's own structures, between its texts and numbers. */
export const mutateHdf5: Mutator = (bytes, random) => {
  const buffer = Buffer.from(bytes);
  const start = buffer.indexOf(SIGNATURE);
  if (start < 0) return undefined;
  const count = 1 + below(random, 3);
  for (let index = 0; index < count; index++) pick(random, WAYS)(buffer, start, random);
  return buffer;
};

type Way = (buffer: Buffer, start: number, random: Random) => void;

const alterSuperblock: Way = (buffer, start, random) => alterField(buffer, start + 8, 88, random);

const alterBlock: Way = (buffer, start, random) => {
  const blocks = blocksIn(buffer);
  if (blocks.length === 0) return alterSuperblock(buffer, start, random);
  alterField(buffer, pick(random, blocks) + 4, HEADER_BYTES, random);
};

/** An address goes to another place of the file: loops, blocks read as other blocks. */
const turnAddress: Way = (buffer, start, random) => {
  const addresses = addressesIn(buffer);
  if (addresses.length === 0) return alterSuperblock(buffer, start, random);
  const at = pick(random, addresses);
  const target = chance(random, 0.5)
    ? readNumber(buffer, pick(random, addresses), 8)
    : oddNumber(random, readNumber(buffer, at, 8), buffer.length);
  writeNumber(buffer, at, 8, target);
};

/** Messages of an object's header stand after one another at multiples of 8: a type, a size, flags. */
const alterMessage: Way = (buffer, start, random) => {
  const messages = messagesIn(buffer);
  if (messages.length === 0) return alterBlock(buffer, start, random);
  const at = pick(random, messages);
  const size = buffer.readUInt16LE(at + 2);
  const choice = below(random, 4);
  if (choice === 0) buffer.writeUInt16LE(below(random, 0x18), at);
  else if (choice === 1) buffer.writeUInt16LE(Number(oddNumber(random, BigInt(size), 512) & 0xffffn), at + 2);
  else alterField(buffer, at + 8, Math.max(8, size), random);
};

/** A stretch of the file repeated elsewhere. */
const copyBlock: Way = (buffer, start, random) => {
  const blocks = blocksIn(buffer);
  if (blocks.length < 2) return turnAddress(buffer, start, random);
  const from = pick(random, blocks);
  buffer.copyWithin(pick(random, blocks), from, from + pick(random, [8, 24, 64, 512]));
};

const WAYS: readonly Way[] = [
  ...[alterSuperblock, alterBlock, alterBlock, turnAddress, turnAddress, turnAddress],
  ...[alterMessage, alterMessage, alterMessage, copyBlock],
];

function alterField(buffer: Buffer, from: number, length: number, random: Random): void {
  const size = pick(random, [1, 2, 4, 8]);
  const at = from + size * below(random, Math.max(1, Math.floor(length / size)));
  if (at + size > buffer.length) return;
  writeNumber(buffer, at, size, oddNumber(random, readNumber(buffer, at, size), buffer.length));
}

function blocksIn(buffer: Buffer): readonly number[] {
  const found: number[] = [];
  for (const block of BLOCKS) {
    for (let at = buffer.indexOf(block); at >= 0; at = buffer.indexOf(block, at + 4)) found.push(at);
  }
  return found;
}

function addressesIn(buffer: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at + 8 <= buffer.length; at += 8) {
    const low = buffer.readUInt32LE(at);
    if (low >= 48 && low < buffer.length && buffer.readUInt32LE(at + 4) === 0) found.push(at);
  }
  return found;
}

function messagesIn(buffer: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = 0; at + 16 <= buffer.length; at += 8) {
    const [type, size] = [buffer.readUInt16LE(at), buffer.readUInt16LE(at + 2)];
    const [flags, ...reserved] = buffer.subarray(at + 4, at + 8);
    const isMessage = type > 0 && type < 0x18 && size > 0 && size <= 4096 && size % 8 === 0 && flags! < 16;
    if (isMessage && reserved.every((byte) => byte === 0)) found.push(at);
  }
  return found;
}
