import type * as z from 'zod';
import type { Initializer } from '../graph/layerGraph';
import { field, isRecord, nullable, toSnakeCase } from './fields';
import { t } from '../../l10n/translate';

/** An object of Keras by its class name and configuration: a regularizer `{ kind: 'L2', config: { l2: 0.01 } }`. */
export interface Serialized {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const INITIALIZERS = [
  'Constant',
  'GlorotNormal',
  'GlorotUniform',
  'HeNormal',
  'HeUniform',
  'Identity',
  'LecunNormal',
  'LecunUniform',
  'Ones',
  'Orthogonal',
  'RandomNormal',
  'RandomUniform',
  'TruncatedNormal',
  'VarianceScaling',
  'Zeros',
];
const INITIALIZER_ALIASES = { one: 'Ones', zero: 'Zeros', normal: 'RandomNormal', uniform: 'RandomUniform' };
const REGULARIZERS = ['L1', 'L2', 'L1L2', 'OrthogonalRegularizer'];
const REGULARIZER_ALIASES = { l1_l2: 'L1L2' };
const CONSTRAINTS = ['MaxNorm', 'MinMaxNorm', 'NonNeg', 'UnitNorm'];

/** What Keras records beside the values that matter: where a class came from, which axes it saw when built. */
const INERT_KEYS: ReadonlySet<string> = new Set(['dtype', 'input_axes', 'output_axes']);

/** How a weight starts; `kind` is what Keras starts it with when nothing is said. */
export const initializer = (kind: string, config: Initializer['config'] = {}): z.ZodType<Initializer> =>
  serialized(t('an initializer'), INITIALIZERS, INITIALIZER_ALIASES).default({ kind, config });

export const regularizer = () => nullable(serialized(t('a regularizer'), REGULARIZERS, REGULARIZER_ALIASES));

export const constraint = () => nullable(serialized(t('a constraint'), CONSTRAINTS, {}));

/**
 * A bare name must be one of Keras's; a serialized object keeps whatever class it names, because a file may hold
 * somebody's own, and only starting such a weight afresh needs to know it.
 */
function serialized(what: string, names: readonly string[], aliases: Readonly<Record<string, string>>) {
  const known = new Map<string, string>(names.map((name) => [toSnakeCase(name), name]));
  for (const [alias, name] of Object.entries(aliases)) known.set(alias, name);
  const canonical = (text: string) =>
    known.get(toSnakeCase(text)) ?? names.find((name) => name.toLowerCase() === text.toLowerCase());

  const read = (raw: unknown): Serialized | undefined => {
    if (typeof raw === 'string') {
      const kind = canonical(raw);
      return kind === undefined ? undefined : { kind, config: {} };
    }
    if (!isRecord(raw)) return undefined;
    const kind = raw.kind ?? raw.class_name;
    if (typeof kind !== 'string' || kind === '') return undefined;
    return { kind: canonical(kind) ?? kind, config: cleanConfig(raw.config) };
  };
  const expected = t('{0}: one of {1}, or an object of one', what, names.join(', '));
  return field(expected, read, { type: 'object', kinds: names });
}

function cleanConfig(config: unknown): Serialized['config'] {
  if (!isRecord(config)) return {};
  return Object.fromEntries(
    Object.entries(config).filter(([key, value]) => !INERT_KEYS.has(key) && value !== null),
  );
}
