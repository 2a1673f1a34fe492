import { Failure } from '../../core/failure';
import { jsonErrorAt } from '../jsonError';
import { MAX_DEPTH, MAX_FIELDS, MAX_TENSORS, MAX_VALUES } from './bounds';
import { t } from '../../l10n/translate';

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
    throw badHeader(where, t('{0} in line {1}, column {2}', found, line, column), expected, cause);
  }
}

export function badHeader(where: string, found: string, expected: string, cause?: unknown): Failure {
  return new Failure(
    'input',
    'SAFETENSORS_HEADER',
    t('{0}: found {1}, expected {2}', where, found, expected),
    {
      cause,
    },
  );
}

const AFTER_KEY = /\s*:/y;

function lookOver(text: string, where: string): void {
  const names = new Set<string>();
  let depth = 0;
  let values = 0;
  let fields = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === COMMA || character === OPEN_BRACE || character === OPEN_BRACKET) {
      if (++values > MAX_VALUES) throw badHeader(where, t('more than {0} values', MAX_VALUES), t('fewer'));
      if (character === COMMA) continue;
      if (++depth > MAX_DEPTH)
        throw badHeader(where, t('JSON nested more than {0} deep', MAX_DEPTH), t('tensors'));
      fields = 0;
    } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      depth--;
    } else if (character === QUOTE) {
      const end = endOfText(text, at);
      if (end === undefined) return;
      const quoted = text.slice(at, end);
      at = end - 1;
      AFTER_KEY.lastIndex = end;
      if (!AFTER_KEY.test(text)) continue;
      if (++fields > MAX_FIELDS && depth > 1)
        throw badHeader(where, t('more than {0} fields', MAX_FIELDS), t('fewer'));
      if (depth !== 1) continue;
      if (names.has(quoted))
        throw badHeader(where, t('two tensors named {0}', quoted), t('names that differ'));
      names.add(quoted);
      if (names.size > MAX_TENSORS)
        throw badHeader(where, t('more than {0} tensors', MAX_TENSORS), t('fewer'));
    }
  }
}

/** After the quote that ends the text which begins at `start`. */
function endOfText(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at++;
    else if (character === QUOTE) return at + 1;
  }
  return undefined;
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
