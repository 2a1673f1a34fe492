import * as z from 'zod';
import { Failure } from '../failure';
import type { LayerConfig } from '../graph/layerGraph';
import { isRecord, showValue } from './fields';
import type { LayerKind } from './kind';
import { t } from '../../l10n/translate';

/** Keys of every layer that say nothing about what this layer computes from its inputs. */
const INERT_KEYS: ReadonlySet<string> = new Set([
  'name',
  'trainable',
  'dtype',
  'autocast',
  'batch_input_shape',
  'batch_size',
  'input_shape',
  'input_dtype',
  'input_dim',
  'input_length',
  'implementation',
  'supports_masking',
]);

interface Dialects {
  /** Old key → Keras 3's key. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Keys that may only hold this value, which is what every layer here does anyway. */
  readonly only?: Readonly<Record<string, unknown>>;
  /** Keys that change nothing in this kind. */
  readonly inert?: readonly string[];
  /** Keys whose null says something else than "left out". */
  readonly nullMeans?: readonly string[];
  /** Rewrites what a table of keys cannot say; runs first. */
  readonly prepare?: (raw: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** What the fields must say together, field by field at fault. */
  readonly check?: (config: LayerConfig) => Readonly<Record<string, string>>;
}

/** The normal form that a schema of `configSchema` returns. */
export type ConfigOf<Schema extends z.ZodType> = Readonly<z.output<Schema>>;

/**
 * The schema of a kind's configuration: reads any version's keys, drops those that change no computation, refuses
 * those that nobody knows, and fills in the defaults. A null means "left out", as in Keras's own constructors.
 */
export function configSchema<Shape extends z.ZodRawShape>(fields: Shape, dialects: Dialects = {}) {
  const { prepare, check } = dialects;
  const keyOf = keyReader(Object.keys(fields), dialects);

  const clean = (written: unknown, context: z.RefinementCtx): unknown => {
    if (!isRecord(written)) return written;
    const raw = prepare ? prepare(written) : written;
    const values = new Map<string, unknown>();
    for (const [spelling, value] of Object.entries(raw)) {
      const read = keyOf(spelling, value);
      if ('problem' in read) {
        context.issues.push({ code: 'custom', input: value, path: [spelling], message: read.problem });
      } else if (read.key !== undefined && (read.key === spelling || !Object.hasOwn(raw, read.key))) {
        values.set(read.key, value);
      }
    }
    return Object.fromEntries(values);
  };
  const checked = z.object(fields).superRefine((config, context) => {
    for (const [key, message] of Object.entries(check?.(config) ?? {})) {
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });
  return z.preprocess(clean, checked);
}

/** Which field a written key and its value are for: none where it changes nothing. */
function keyReader(fields: readonly string[], { renamed, only, inert, nullMeans }: Dialects) {
  const known = new Set(fields);
  const newName = new Map(Object.entries(renamed ?? {}));
  const fixed = new Map(Object.entries(only ?? {}));
  const ignored = new Set([...INERT_KEYS, ...(inert ?? [])]);
  const speakingNull = new Set(nullMeans);

  return (spelling: string, value: unknown): { readonly key?: string } | { readonly problem: string } => {
    const key = newName.get(spelling) ?? spelling;
    if (value === undefined || (value === null && !speakingNull.has(key))) return {};
    if (known.has(key)) return { key };
    if (fixed.has(key)) {
      const expected = fixed.get(key);
      if (value === expected) return {};
      return {
        problem: t(
          'found {0}, expected {1}: nothing else is supported',
          showValue(value),
          showValue(expected),
        ),
      };
    }
    return ignored.has(key)
      ? {}
      : { problem: t('is not known here; the keys are {0}', fields.join(', ') || t('none')) };
  };
}

/**
 * A configuration in its kind's normal form, whatever version wrote it.
 * @throws Failure of kind `input` that names each field, what was found and what was expected
 */
export function normalizeConfig(kind: LayerKind, raw: unknown, layer?: string): LayerConfig {
  const result = kind.schema.safeParse(raw ?? {});
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  const where = layer === undefined ? t('a {0}', kind.name) : t('layer "{0}" ({1})', layer, kind.name);
  throw new Failure('input', 'CONFIG_INVALID', `${where}: ${issues.join('; ')}`, { layer });
}
