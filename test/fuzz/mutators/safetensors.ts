import { chance } from '../draw';
import { mutateJson } from './json';
import type { Mutator } from './mutator';
import { oddNumber, writeNumber } from './numbers';

const LENGTH_BYTES = 8;

/** The header's JSON changed, and mostly its length made true again. */
export const mutateSafetensors: Mutator = (bytes, random) => {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
  if (length > bytes.length - LENGTH_BYTES) return undefined;
  const json = mutateJson(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length), random);
  if (!json) return undefined;
  const head = new Uint8Array(LENGTH_BYTES);
  const said = chance(random, 0.9)
    ? BigInt(json.length)
    : oddNumber(random, BigInt(json.length), bytes.length);
  writeNumber(head, 0, LENGTH_BYTES, said);
  return Buffer.concat([head, json, bytes.subarray(LENGTH_BYTES + length)]);
};
