import { Failure } from '../../core/failure';
import { jsonErrorAt } from '../jsonError';

/** Models nested as deep as they may be come to a quarter of this. */
const MAX_JSON_DEPTH = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param where what the value is, for the message of a `MODEL_CONFIG` failure */
export function asRecord(value: unknown, where: string): JsonRecord {
  if (isJsonRecord(value)) return value;
  throw unexpected(where, value, 'an object');
}

export function asArray(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unexpected(where, value, 'a list');
}

export function asText(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw unexpected(where, value, 'text');
}

export function asIndex(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw unexpected(where, value, 'a whole number of at least 0');
}

/** @throws Failure `MODEL_CONFIG` that says what is wrong with the text, and where in it */
export function parseJson(text: string, where: string): unknown {
  if (isDeeperThan(MAX_JSON_DEPTH, text)) {
    const message = `${where}: found lists and objects nested more than ${MAX_JSON_DEPTH} deep, expected fewer levels`;
    throw new Failure('input', 'MODEL_CONFIG', message);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column, found, expected } = jsonErrorAt(text);
    const message = `${where}: is not JSON: line ${line}, column ${column}: found ${found}, expected ${expected}`;
    throw new Failure('input', 'MODEL_CONFIG', message, { cause });
  }
}

/** Before anything is built from it: whoever walks the result may recurse. */
function isDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      do at = text.indexOf('"', at + 1);
      while (at > 0 && isEscaped(text, at));
      if (at < 0) return false;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > limit) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

/** By an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charCodeAt(start - 1) === BACKSLASH) start--;
  return (at - start) % 2 === 1;
}

function unexpected(where: string, value: unknown, expected: string): Failure {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  const found = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return new Failure('input', 'MODEL_CONFIG', `${where}: found ${found}, expected ${expected}`);
}
