import type { Random } from '../../../src/data/random';
import { below, chance, pick } from '../draw';
import { LARGEST_FILE, type Mutator } from './mutator';
import { mutateBytes } from './bytes';
import { oddNumber, readNumber, writeNumber } from './numbers';

/** A field of a message; a message in a message where its bytes read as one. */
interface Field {
  number: number;
  type: number;
  /** The value of type 0; the bytes of the others. */
  value: bigint;
  bytes: Uint8Array;
  fields?: Field[];
}

/** Deeper, bytes stay bytes. */
const MAX_DEPTH = 12;

/** Fields of a message put where no program would, each length around them made true again. */
export const mutateProtobuf: Mutator = (bytes, random) => {
  const root = parse(bytes, 0);
  if (!root || root.length === 0) return undefined;
  const count = 1 + below(random, 3);
  for (let index = 0; index < count; index++) {
    const messages = messagesIn(root);
    const message = pick(random, messages);
    if (message.length > 0) pick(random, WAYS)(message, messages, random);
  }
  const damaged = serialize(root);
  return damaged.length > LARGEST_FILE ? damaged.slice(0, LARGEST_FILE) : damaged;
};

type Way = (message: Field[], messages: readonly (readonly Field[])[], random: Random) => void;

const alter: Way = (message, _messages, random) => {
  const field = pick(random, message);
  if (field.type === 0) field.value = oddNumber(random, field.value, 1000);
  else if (field.fields) alterEmpty(field, random);
  else if (field.type === 2) field.bytes = alterBytes(field.bytes, random);
  else {
    const value = oddNumber(random, readNumber(field.bytes, 0, field.bytes.length), 1000);
    field.bytes = field.bytes.slice();
    writeNumber(field.bytes, 0, field.bytes.length, value);
  }
};

function alterEmpty(field: Field, random: Random): void {
  field.bytes = mutateBytes(serialize(field.fields ?? []), random) ?? new Uint8Array(0);
  delete field.fields;
}

function alterBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const odd = [
    '',
    '\0',
    '../../etc/passwd',
    '/etc/passwd',
    '\u001b[1m',
    'x'.repeat(3000),
    'a\nb',
    '^x',
    'x:9',
  ];
  return chance(random, 0.3)
    ? Buffer.from(pick(random, odd))
    : (mutateBytes(bytes, random) ?? new Uint8Array(0));
}

const remove: Way = (message, _messages, random) => {
  message.splice(below(random, message.length), 1);
};

const repeat: Way = (message, _messages, random) => {
  const at = below(random, message.length);
  const copies = pick(random, [1, 1, 1, 3, 100, 3000]);
  const copy = structuredClone(message[at]!);
  if (copies * serialize([copy]).length > LARGEST_FILE / 2) return;
  message.splice(at, 0, ...Array.from({ length: copies }, () => copy));
};

const renumber: Way = (message, messages, random) => {
  const others = pick(random, messages);
  const field = pick(random, message);
  field.number = others.length > 0 && chance(random, 0.7) ? pick(random, others).number : below(random, 32);
};

const takeAnother: Way = (message, messages, random) => {
  const others = pick(random, messages);
  if (others.length === 0) return;
  const { value, bytes, fields, type } = structuredClone(pick(random, others));
  const field = pick(random, message);
  Object.assign(field, { value, bytes, type });
  if (fields) field.fields = fields;
  else delete field.fields;
};

/** A text or a message of a field is another's of the same number: names that point elsewhere. */
const takeAlike: Way = (message, messages, random) => {
  const field = pick(random, message);
  const alike = messages.flat().filter((other) => other.number === field.number && other.type === field.type);
  if (alike.length === 0) return;
  const { value, bytes, fields } = structuredClone(pick(random, alike));
  Object.assign(field, { value, bytes });
  if (fields) field.fields = fields;
  else delete field.fields;
};

const nest: Way = (message, _messages, random) => {
  const field = pick(random, message);
  const wanted = pick(random, [1, 2, 70, 1000]);
  let bytes = serialize([field]);
  // A large message would be copied at each level.
  const depth = bytes.length > 4096 ? 1 : wanted;
  for (let level = 1; level < depth && bytes.length < LARGEST_FILE / 2; level++) {
    bytes = serialize([{ number: field.number, type: 2, value: 0n, bytes }]);
  }
  message.push({ number: field.number, type: 2, value: 0n, bytes });
};

const retype: Way = (message, _messages, random) => {
  const field = pick(random, message);
  const { number } = field;
  const type = pick(random, [0, 1, 2, 3, 4, 5, 6, 7]);
  const length = type === 1 ? 8 : type === 5 ? 4 : below(random, 20);
  const bytes = Uint8Array.from({ length }, () => below(random, 256));
  Object.assign(field, { number, type, value: BigInt(below(random, 1000)), bytes });
  delete field.fields;
};

const shuffle: Way = (message, _messages, random) => {
  const [a, b] = [below(random, message.length), below(random, message.length)];
  [message[a], message[b]] = [message[b]!, message[a]!];
};

const WAYS: readonly Way[] = [
  ...[alter, alter, alter, alter, remove, remove, repeat, renumber],
  ...[takeAnother, takeAlike, takeAlike, nest, retype, shuffle],
];

function messagesIn(root: Field[]): readonly Field[][] {
  const found: Field[][] = [];
  const waiting = [root];
  for (let message = waiting.pop(); message; message = waiting.pop()) {
    found.push(message);
    for (const field of message) if (field.fields) waiting.push(field.fields);
  }
  return found;
}

function parse(bytes: Uint8Array, depth: number): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = varint(bytes, at);
    if (!tag) return undefined;
    const number = Number(tag.value >> 3n);
    const type = Number(tag.value & 7n);
    if (number === 0 || number > 10_000) return undefined;
    at = tag.next;
    if (type === 0) {
      const read = varint(bytes, at);
      if (!read) return undefined;
      fields.push({ number, type, value: read.value, bytes: new Uint8Array(0) });
      at = read.next;
      continue;
    }
    let length = type === 1 ? 8n : type === 5 ? 4n : -1n;
    if (type === 2) {
      const read = varint(bytes, at);
      if (!read) return undefined;
      length = read.value;
      at = read.next;
    }
    if (length < 0n || length > BigInt(bytes.length - at)) return undefined;
    const content = bytes.slice(at, at + Number(length));
    at += Number(length);
    const inner = type === 2 && depth < MAX_DEPTH && !isText(content) ? parse(content, depth + 1) : undefined;
    fields.push({
      number,
      type,
      value: 0n,
      bytes: content,
      ...(inner && inner.length > 0 && { fields: inner }),
    });
  }
  return fields;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function varint(bytes: Uint8Array, at: number): { value: bigint; next: number } | undefined {
  let value = 0n;
  for (let index = 0; index < 10 && at + index < bytes.length; index++) {
    const byte = bytes[at + index]!;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: at + index + 1 };
  }
  return undefined;
}

/** Of what is repeated within what is repeated no more is made than a file may have. */
function serialize(fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const { number, type, value, bytes, fields: inner } of fields) {
    if (length > LARGEST_FILE) break;
    const tag = writeVarint((BigInt(number) << 3n) | BigInt(type));
    const content = type === 0 ? writeVarint(value) : inner ? serialize(inner) : bytes;
    parts.push(tag, ...(type === 2 ? [writeVarint(BigInt(content.length))] : []), content);
    length += tag.length + content.length;
  }
  return Buffer.concat(parts);
}

function writeVarint(given: bigint): Uint8Array {
  const bytes: number[] = [];
  let value = BigInt.asUintN(64, given);
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  bytes.push(Number(value));
  return Uint8Array.from(bytes);
}
