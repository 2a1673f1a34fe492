import { z } from 'zod';
import { Failure } from '../failure';
import type { LayerConfig } from '../graph/layerGraph';
import { isRecord, showValue } from './fields';
import type { LayerKind } from './kind';

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
  const inert = new Set([...INERT_KEYS, ...(dialects.inert ?? [])].filter((key) => !(key in fields)));
  const nullMeans = new Set(dialects.nullMeans);
  const { renamed = {}, only = {}, prepare } = dialects;

  const clean = (written: unknown, context: z.RefinementCtx): unknown => {
    if (!isRecord(written)) return written;
    const raw = prepare ? prepare(written) : written;
    const cleaned: Record<string, unknown> = {};
    for (const [spelling, value] of Object.entries(raw)) {
      const key = renamed[spelling] ?? spelling;
      if (value === undefined || (value === null && !nullMeans.has(key))) continue;
      if (key in only) {
        if (value !== only[key]) {
          context.issues.push({
            code: 'custom',
            input: value,
            path: [spelling],
            message: `found ${showValue(value)}, expected ${showValue(only[key])}: nothing else is supported`,
          });
        }
      } else if (key in fields) {
        if (key === spelling || !(key in raw)) cleaned[key] = value;
      } else if (!inert.has(key)) {
        context.issues.push({
          code: 'custom',
          input: value,
          path: [spelling],
          message: `is not known here; the keys are ${Object.keys(fields).join(', ') || 'none'}`,
        });
      }
    }
    return cleaned;
  };
  const { check } = dialects;
  const checked = z.object(fields).superRefine((config, context) => {
    for (const [key, message] of Object.entries(check?.(config) ?? {})) {
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });
  return z.preprocess(clean, checked);
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
  const where = layer === undefined ? `a ${kind.name}` : `layer "${layer}" (${kind.name})`;
  throw new Failure('input', 'CONFIG_INVALID', `${where}: ${issues.join('; ')}`, { layer });
}
