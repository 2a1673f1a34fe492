import * as z from 'zod';
import { t } from '../../l10n/translate';

/** How people are asked for a field's value; what the field reads beside it, only files write. */
export type Control =
  | { readonly type: 'flag' }
  | { readonly type: 'count'; readonly least: number }
  /** No limit where one is left out. */
  | { readonly type: 'number'; readonly least?: number; readonly most?: number }
  | { readonly type: 'word'; readonly words: readonly string[] }
  /** A whole number by spatial axis. */
  | { readonly type: 'sizes'; readonly rank: number; readonly least: number }
  | { readonly type: 'text' }
  /** An object of Keras by its class name: an initializer, a regularizer. */
  | { readonly type: 'object'; readonly kinds: readonly string[] }
  /** JSON, since nothing simpler says it. */
  | { readonly type: 'json'; readonly expected: string };

/**
 * A configuration field: reads every dialect of a value into one form, or says what it found and expected. `read`
 * returns `undefined` for a value that cannot mean anything.
 */
export function field<T>(
  expected: string,
  read: (raw: unknown) => T | undefined,
  control: Control = { type: 'json', expected },
): z.ZodType<T> {
  const schema = z.unknown().transform((raw, context) => {
    const value = read(unwrapSequence(raw));
    if (value !== undefined) return value;
    context.issues.push({
      code: 'custom',
      input: raw,
      message: t('found {0}, expected {1}', showValue(raw), expected),
    });
    return z.NEVER;
  });
  controls.set(schema, control);
  return schema;
}

const controls = new WeakMap<z.ZodType, Control>();

/** How people are asked for a value of a schema made by `field`. */
export function controlOf(schema: z.ZodType): Control | undefined {
  return controls.get(schema);
}

/** A value as people wrote it, cut short. */
export function showValue(value: unknown): string {
  if (value === undefined) return t('nothing');
  const text = toText(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A file can nest values deeper than they can be written.
    return t('a value nested too deep to show');
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const flag = (): z.ZodType<boolean> =>
  field(t('true or false'), (raw) => (typeof raw === 'boolean' ? raw : undefined), { type: 'flag' });

/** A whole number of at least `least`. */
export const count = (least = 1): z.ZodType<number> =>
  field(t('a whole number of at least {0}', least), (raw) => readCount(raw, least), { type: 'count', least });

export const number = (least = -Infinity, most = Infinity): z.ZodType<number> =>
  field(
    rangeText(least, most),
    (raw) =>
      typeof raw === 'number' && Number.isFinite(raw) && raw >= least && raw <= most ? raw : undefined,
    { type: 'number', ...(least > -Infinity && { least }), ...(most < Infinity && { most }) },
  );

/** One of some words, in any letter case and in camel case too, as TensorFlow.js writes them. */
export function word<W extends string>(...words: readonly [W, ...W[]]): z.ZodType<W> {
  const read = (raw: unknown) => {
    if (typeof raw !== 'string') return undefined;
    const spellings = [raw.toLowerCase(), toSnakeCase(raw)];
    return words.find((candidate) => spellings.includes(candidate));
  };
  return field(t('one of {0}', words.join(', ')), read, { type: 'word', words });
}

/** `value` when it is null, else what `inner` reads. */
export const nullable = <T>(inner: z.ZodType<T>): z.ZodType<T | null> => inner.nullable().default(null);

export type Pair = readonly [number, number];

/** A size by spatial axis: a whole number means the same along each. */
export function sizes(rank: 1, least?: number): z.ZodType<readonly [number]>;
export function sizes(rank: 2, least?: number): z.ZodType<Pair>;
export function sizes(rank: number, least?: number): z.ZodType<readonly number[]>;
export function sizes(rank: number, least = 1): z.ZodType<readonly number[]> {
  const expected =
    rank === 1
      ? t('a whole number of at least {0}', least)
      : t('a whole number of at least {0} or {1} of them', least, rank);
  const read = (raw: unknown) => {
    if (!Array.isArray(raw)) {
      const size = readCount(raw, least);
      return size === undefined ? undefined : Array.from({ length: rank }, () => size);
    }
    const values = raw.map((size) => readCount(size, least));
    return values.length === rank && values.every((size) => size !== undefined) ? values : undefined;
  };
  return field(expected, read, { type: 'sizes', rank, least });
}

/** What is before and after along an axis: `1` or `[0, 1]`. */
export const margin = (): z.ZodType<Pair> => field(t('a whole number or [before, after]'), readPair);

const expectedMargins = (rank: number): string =>
  rank === 2
    ? t('a whole number, [rows, columns] or [[top, bottom], [left, right]]')
    : t('a whole number, a list of {0} or of pairs', rank);

/** Margins by spatial axis: `1`, `[1, 2]` (symmetric along each) or `[[0, 1], [0, 1]]`. */
export const margins = (rank: number): z.ZodType<readonly Pair[]> =>
  field(expectedMargins(rank), (raw) => {
    const read = Array.from({ length: rank }, (_, axis) => readPair(Array.isArray(raw) ? raw[axis] : raw));
    if (Array.isArray(raw) && raw.length !== rank) return undefined;
    return read.every((pair) => pair !== undefined) ? read : undefined;
  });

/** Whole numbers, negative ones too; a bare one stands for a list of one. */
export const integers = (expected: string, accept: (values: readonly number[]) => boolean = () => true) =>
  field<readonly number[]>(expected, (raw) => {
    const values: unknown[] = Array.isArray(raw) ? raw : [raw];
    return values.every((value): value is number => Number.isInteger(value)) && accept(values)
      ? values
      : undefined;
  });

/** An axis; BatchNormalization's was once a list of one, `[3]`. */
export const axis = (): z.ZodType<number> =>
  field(t('a whole number'), (raw) => {
    const [value, ...rest] = Array.isArray(raw) ? (raw as unknown[]) : [raw];
    return rest.length === 0 && typeof value === 'number' && Number.isInteger(value) ? value : undefined;
  });

/** channels_first is computed with like channels_last; only the trainer may refuse it. */
export type DataFormat = 'channels_last' | 'channels_first';
export const dataFormat = (): z.ZodType<DataFormat> =>
  word('channels_last', 'channels_first').default('channels_last');

/** A seed, which Keras 3 may write as a whole generator. */
export const seed = (): z.ZodType<number | null> =>
  nullable(
    field(t('a whole number or null'), (raw) => {
      const value = isRecord(raw) && isRecord(raw.config) ? (raw.config.seed ?? null) : raw;
      return value === null || Number.isInteger(value) ? (value as number | null) : undefined;
    }),
  );

/** `hard_sigmoid` from `hardSigmoid`, `HardSigmoid` or itself. */
export function toSnakeCase(text: string): string {
  return text.replace(/(?<=[a-z0-9])[A-Z]/g, '_$&').toLowerCase();
}

function readCount(raw: unknown, least: number): number | undefined {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= least ? raw : undefined;
}

function readPair(raw: unknown): Pair | undefined {
  const unwrapped = unwrapSequence(raw);
  const values: unknown[] = Array.isArray(unwrapped) ? unwrapped : [unwrapped, unwrapped];
  const [a, b] = values.map((value) => readCount(value, 0));
  return values.length === 2 && a !== undefined && b !== undefined ? [a, b] : undefined;
}

/** Keras writes some tuples and wrapped lists as `{ class_name: '__tuple__', items: […] }`. */
function unwrapSequence(raw: unknown): unknown {
  return isRecord(raw) && Array.isArray(raw.items) ? raw.items : raw;
}

function rangeText(least: number, most: number): string {
  if (most < Infinity) return t('a number from {0} to {1}', least, most);
  return least > -Infinity ? t('a number of at least {0}', least) : t('a number');
}
