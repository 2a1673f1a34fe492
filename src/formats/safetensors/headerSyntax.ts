import { Failure } from '../../core/failure';
import { jsonErrorAt } from '../jsonError';
import { MAX_DEPTH, MAX_TENSORS } from './bounds';

/**
 * The value of a header's JSON. Looked over before it is parsed: a parser takes the last of two equal names without a
 * word, and deep nesting or millions of names would take its memory.
 * @param where for messages
 * @throws Failure `SAFETENSORS_HEADER`
 */
export function parseHeader(text: string, where: string): unknown {
  lookOver(text, where);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column, found, expected } = jsonErrorAt(text);
    throw badHeader(where, `${found} in line ${line}, column ${column}`, expected, cause);
  }
}

export function badHeader(where: string, found: string, expected: string, cause?: unknown): Failure {
  return new Failure('input', 'SAFETENSORS_HEADER', `${where}: found ${found}, expected ${expected}`, {
    cause,
  });
}

const STRING = /"(?:[^"\\]|\\.)*"/sy;
const AFTER_KEY = /\s*:/y;

function lookOver(text: string, where: string): void {
  const names = new Set<string>();
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === OPEN_BRACE || character === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) throw badHeader(where, `JSON nested more than ${MAX_DEPTH} deep`, 'tensors');
    } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      depth--;
    } else if (character === QUOTE) {
      STRING.lastIndex = at;
      const quoted = STRING.exec(text)?.[0];
      if (quoted === undefined) return;
      at += quoted.length - 1;
      AFTER_KEY.lastIndex = at + 1;
      if (depth !== 1 || !AFTER_KEY.test(text)) continue;
      if (names.has(quoted)) throw badHeader(where, `two tensors named ${quoted}`, 'names that differ');
      names.add(quoted);
      if (names.size > MAX_TENSORS) throw badHeader(where, `more than ${MAX_TENSORS} tensors`, 'fewer');
    }
  }
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
