import { readFile } from 'node:fs/promises';

/** Of plans and recipes. */
export const NEWEST_VERSION = 2;

/** What there is of a plan or a recipe in a run's folder. */
export type RunDocument<T> =
  | { readonly is: 'read'; readonly value: T }
  | { readonly is: 'missing' }
  | { readonly is: 'newer'; readonly version: number }
  | { readonly is: 'broken' };

interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

export async function readRunDocument<T>(file: string, schema: Schema<T>): Promise<RunDocument<T>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { is: 'missing' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { is: 'broken' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { is: 'read', value: parsed.data };
  const version = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined;
  return typeof version === 'number' && version > NEWEST_VERSION
    ? { is: 'newer', version }
    : { is: 'broken' };
}
