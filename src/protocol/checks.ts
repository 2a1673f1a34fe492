/** What a message must look like before it is believed: whoever sends it may be another version, or no part of us. */
export type Check<T> = (value: unknown) => value is T;

/** Longer than any sentence or path that is sent; what is longer was not written by us. */
const LONGEST_TEXT = 20_000;

/** More than any list that is sent. */
const MOST_ITEMS = 10_000;

export const isText: Check<string> = (value): value is string =>
  typeof value === 'string' && value.length <= LONGEST_TEXT;

/** Of any length: what a page only shows or hands on. */
export const isString: Check<string> = (value): value is string => typeof value === 'string';

/** An object or a list of whatever sort: what is in it is looked at where it is used. */
export const isObject = <T extends object>(value: unknown): value is T =>
  typeof value === 'object' && value !== null;

/** A list of whatever there is, as long as it is. */
export const isList = <T>(value: unknown): value is readonly T[] => Array.isArray(value);

export const isBoolean: Check<boolean> = (value): value is boolean => typeof value === 'boolean';

export const isNumber: Check<number> = (value): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** A whole number from 0 on. */
export const isCount: Check<number> = (value): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

export const isOneOf =
  <const T extends string | number | boolean | null>(...allowed: readonly T[]): Check<T> =>
  (value): value is T =>
    allowed.some((one) => one === value);

export const orAbsent =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || check(value);

export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value): value is T | null =>
    value === null || check(value);

export const listOf =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= MOST_ITEMS && value.every(check);

export const pairOf =
  <T>(check: Check<T>): Check<readonly [T, T]> =>
  (value): value is readonly [T, T] =>
    Array.isArray(value) && value.length === 2 && value.every(check);

/** An object that has these fields, each as its check says; others are let be. */
export const withFields =
  <T extends object>(fields: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> =>
  (value): value is T =>
    typeof value === 'object' &&
    value !== null &&
    (Object.keys(fields) as (keyof T)[]).every((name) => fields[name]((value as Partial<T>)[name]));

/** One of several kinds of object, told apart by the text in one field. */
export const byField =
  <Name extends string, T extends { readonly [K in Name]: string }>(
    name: Name,
    kinds: { readonly [Kind in T[Name]]: Check<Extract<T, { readonly [K in Name]: Kind }>> },
  ): Check<T> =>
  (value): value is T => {
    if (typeof value !== 'object' || value === null) return false;
    const kind: unknown = (value as Partial<Record<Name, unknown>>)[name];
    // Of the object's own: `constructor` is no kind.
    return typeof kind === 'string' && Object.hasOwn(kinds, kind) && kinds[kind as T[Name]](value);
  };

/** A message by its fields beside its `type`, by which `byField` has found it. */
export const messageWith = <Message extends { readonly type: string }>(fields: {
  readonly [Field in Exclude<keyof Message, 'type'>]-?: Check<Message[Field]>;
}): Check<Message> =>
  withFields<Message>(fields as { readonly [Field in keyof Message]-?: Check<Message[Field]> });
