import { Failure } from '../../core/failure';
import { isDeeperThan, MAX_JSON_DEPTH } from '../jsonDepth';
import { jsonErrorAt } from '../jsonError';
import { t } from '../../l10n/translate';

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param where what the value is, for the message of a `MODEL_CONFIG` failure */
export function asRecord(value: unknown, where: string): JsonRecord {
  if (isJsonRecord(value)) return value;
  throw unexpected(where, value, t('an object'));
}

export function asArray(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unexpected(where, value, t('a list'));
}

export function asText(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw unexpected(where, value, t('text'));
}

export function asIndex(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw unexpected(where, value, t('a whole number of at least 0'));
}

/** @throws Failure `MODEL_CONFIG` that says what is wrong with the text, and where in it */
export function parseJson(text: string, where: string): unknown {
  if (isDeeperThan(MAX_JSON_DEPTH, text)) {
    const message = t(
      '{0}: found lists and objects nested more than {1} deep, expected fewer levels',
      where,
      MAX_JSON_DEPTH,
    );
    throw new Failure('input', 'MODEL_CONFIG', message);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column, found, expected } = jsonErrorAt(text);
    const message = t(
      '{0}: is not JSON: line {1}, column {2}: found {3}, expected {4}',
      where,
      line,
      column,
      found,
      expected,
    );
    throw new Failure('input', 'MODEL_CONFIG', message, { cause });
  }
}

function unexpected(where: string, value: unknown, expected: string): Failure {
  const text = value === undefined ? t('nothing') : JSON.stringify(value);
  const found = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return new Failure('input', 'MODEL_CONFIG', t('{0}: found {1}, expected {2}', where, found, expected));
}
