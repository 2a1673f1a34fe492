import { Failure } from '../../../src/core/failure';
import { maskedCrc32c } from '../../../src/formats/tensorflow/crc32c';
import { readVarint } from '../../../src/formats/protobuf/wire';
import { endsInTable } from '../../../src/formats/tensorflow/bundleTable';
import { pick } from '../draw';
import type { Mutator } from './mutator';
import { mutateBytes } from './bytes';
import { oddNumber, readNumber, writeNumber } from './numbers';

const FOOTER_BYTES = 48;

/**
 * A checkpoint's index (LevelDB's table) with one block changed and its checksum made true again, so that what the block
 * says is looked at. Lengths stay: what follows keeps its place.
 */
export const mutateTable: Mutator = (bytes, random) => {
  if (bytes.length < FOOTER_BYTES || !endsInTable(bytes.subarray(-8))) return undefined;
  const damaged = bytes.slice();
  const blocks = blocksIn(bytes);
  if (blocks.length === 0) return undefined;
  const [start, end] = pick(random, blocks);
  const block = damaged.subarray(start, end);
  if (block.length < 8) return undefined;
  const changed = mutateBytes(block.slice(), random) ?? block;
  block.set(changed.subarray(0, block.length));
  if (random() < 0.3) {
    const at = Math.floor(random() * (block.length - 1));
    writeNumber(block, at, 1, oddNumber(random, readNumber(block, at, 1), 128));
  }
  const checked = damaged.subarray(start, end + 1);
  writeNumber(damaged, end + 1, 4, BigInt(maskedCrc32c(checked)));
  return damaged;
};

/** A block's kind and its checksum come after it. */
const TRAILER_BYTES = 5;

/** The index of blocks and the first block that it names: small checkpoints have no other. None where damage undid them. */
function blocksIn(bytes: Uint8Array): readonly (readonly [number, number])[] {
  const footer = bytes.length - FOOTER_BYTES;
  let at = footer;
  const numbers: number[] = [];
  try {
    for (let index = 0; index < 4; index++) {
      const { value, next } = readVarint(bytes, 0, at, bytes.length);
      numbers.push(Number(value));
      at = next;
    }
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
  const [metaindex = 0, , offset = 0, length = 0] = numbers;
  const blocks = [
    [0, Math.max(0, metaindex - TRAILER_BYTES)],
    [offset, offset + length],
  ] as const;
  return blocks.filter(([, end]) => end + TRAILER_BYTES <= bytes.length);
}
