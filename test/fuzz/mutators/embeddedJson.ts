import { pick } from '../draw';
import { damage } from './json';
import type { Mutator } from './mutator';

/** Texts shorter than this are no configuration. */
const SHORTEST = 32;

const OPENING = Buffer.from('{"');

/** Mutations that turn out longer than the text that they replace are drawn anew so often. */
const TRIES = 8;

/**
 * JSON inside a binary file (HDF5's attributes, protobuf's texts), damaged in its place: what becomes shorter is filled
 * with spaces, so that lengths around it stay true.
 */
export const mutateEmbeddedJson: Mutator = (bytes, random) => {
  const buffer = Buffer.from(bytes);
  const found = jsonIn(buffer);
  if (found.length === 0) return undefined;
  const { start, end } = pick(random, found);
  const root: unknown = JSON.parse(buffer.toString('utf8', start, end));
  for (let round = 0; round < TRIES; round++) {
    const text = Buffer.from(JSON.stringify(damage(root, random)));
    if (text.length > end - start) continue;
    buffer.fill(' ', start, end);
    text.copy(buffer, start);
    return buffer;
  }
  return undefined;
};

function jsonIn(buffer: Buffer): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let start = buffer.indexOf(OPENING); start >= 0; start = buffer.indexOf(OPENING, start)) {
    const end = endOf(buffer, start);
    if (end - start >= SHORTEST && isJson(buffer.toString('utf8', start, end))) {
      found.push({ start, end });
      start = end;
    } else start++;
  }
  return found;
}

/** Where the object that begins there ends, by its braces. */
function endOf(buffer: Buffer, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < buffer.length; at++) {
    const character = buffer[at]!;
    if (character < 0x20 && character !== 0x0a) return start;
    if (quoted) {
      if (character === 0x5c) at++;
      else if (character === 0x22) quoted = false;
    } else if (character === 0x22) quoted = true;
    else if (character === 0x7b) depth++;
    else if (character === 0x7d && --depth === 0) return at + 1;
  }
  return start;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
