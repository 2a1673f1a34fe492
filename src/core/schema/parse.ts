import type * as z from 'zod';
import { Failure } from '../failure';
import { explainIssues } from './explain';
import { t } from '../../l10n/translate';

/** One of our own JSON documents: what it is called, its newest version, its schema. */
export interface DocumentKind<T> {
  readonly noun: 'plan' | 'recipe';
  readonly version: number;
  readonly schema: z.ZodType<T>;
  /** Fields and values of the format that this version does not support yet. */
  readonly planned: ReadonlySet<string>;
  /** Fills in what a schema alone cannot: defaults that depend on other fields. */
  readonly complete?: (json: object) => object;
}

export type Checked<T> =
  | { readonly value: T; readonly findings?: undefined }
  | { readonly value?: undefined; readonly findings: readonly string[] };

/** The document with its defaults filled in, or everything that is wrong with it. */
export function checkDocument<T>(kind: DocumentKind<T>, json: unknown): Checked<T> {
  const version = typeof json === 'object' && json !== null ? Reflect.get(json, 'version') : undefined;
  if (typeof version === 'number' && version > kind.version) {
    return {
      findings: [
        t(
          'version: found {0}, expected {1}; a newer Model Surgery wrote it, update this one',
          version,
          kind.version,
        ),
      ],
    };
  }
  const given = kind.complete && typeof json === 'object' && json !== null ? kind.complete(json) : json;
  const result = kind.schema.safeParse(given);
  if (result.success) return { value: result.data };
  return {
    findings: explainIssues(result.error.issues, json, { schema: kind.schema, planned: kind.planned }),
  };
}

/** @throws Failure of kind `input` that says all that is wrong, in one line */
export function parseDocument<T>(kind: DocumentKind<T>, json: unknown): T {
  const checked = checkDocument(kind, json);
  if (checked.findings === undefined) return checked.value;
  throw new Failure(
    'input',
    `${kind.noun.toUpperCase()}_INVALID`,
    kind.noun === 'plan'
      ? t('in the plan, {0}', checked.findings.join('; '))
      : t('in the recipe, {0}', checked.findings.join('; ')),
  );
}
