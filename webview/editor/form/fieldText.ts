import type { LayerConfig } from '../../../src/core/graph/layerGraph';
import type { FormField } from '../../../src/core/layers/form';
import { t } from '../../../src/l10n/translate';

/** A value read from what somebody typed, or what was expected instead. */
export type ReadField = { readonly value: unknown } | { readonly problem: string };

/** An object of Keras as configurations hold it: `{ kind: 'L2', config: { l2: 0.01 } }`. */
export interface KerasObject {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A field's value as one types it: `3, 3`, `0.2`, JSON where nothing simpler says it; nothing for null. */
export function textOfField({ control }: FormField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (control.type === 'sizes' && Array.isArray(value)) {
    const sizes: unknown[] = value;
    return sizes.every((size) => size === sizes[0]) ? String(sizes[0]) : sizes.join(', ');
  }
  return typeof value === 'string' && control.type !== 'json' ? value : JSON.stringify(value);
}

/**
 * What was typed into a field, as a configuration has it; `undefined` where nothing was, which means the preset. The
 * kind's schema has the last word on what the host gets.
 */
export function readField({ control, nullable, ...field }: FormField, text: string): ReadField {
  const typed = text.trim();
  if (typed === '') {
    return nullable || 'preset' in field
      ? { value: undefined }
      : { problem: t('needed: {0}', expectedOf(control)) };
  }
  switch (control.type) {
    case 'count':
    case 'number':
    case 'sizes':
      return readNumbers(control, typed);
    case 'json':
      return readJson(typed);
    case 'flag':
    case 'word':
    case 'text':
    case 'object':
      return { value: typed };
  }
}

/** What a control takes, in words. */
export function expectedOf(control: FormField['control']): string {
  switch (control.type) {
    case 'count':
      return t('a whole number from {0}', control.least);
    case 'number':
      if (control.least !== undefined && control.most !== undefined) {
        return t('a number from {0} to {1}', control.least, control.most);
      }
      return control.least === undefined ? t('a number') : t('a number from {0}', control.least);
    case 'sizes':
      return control.rank === 1
        ? t('a whole number from {0}', control.least)
        : t('a whole number from {0}, or {1} of them', control.least, control.rank);
    case 'json':
      return control.expected;
    case 'flag':
      return t('yes or no');
    case 'word':
      return t('one of the words');
    case 'object':
      return t('one of the list');
    case 'text':
      return t('a text');
  }
}

function readNumbers(
  control: Extract<FormField['control'], { readonly type: 'count' | 'number' | 'sizes' }>,
  typed: string,
): ReadField {
  const values = typed.split(/[\s,×x]+/).map(Number);
  const most = control.type === 'number' ? (control.most ?? Infinity) : Infinity;
  const isWhole = control.type !== 'number';
  const rank = control.type === 'sizes' ? control.rank : 1;
  const fits = values.every(
    (value) =>
      Number.isFinite(value) &&
      value >= (control.least ?? -Infinity) &&
      value <= most &&
      (!isWhole || Number.isSafeInteger(value)),
  );
  const [only] = values;
  if (!fits || (values.length !== 1 && values.length !== rank)) return { problem: expectedOf(control) };
  if (control.type !== 'sizes') return { value: only };
  return { value: values.length === rank ? values : Array.from({ length: rank }, () => only) };
}

/** A bare word is a text: `tf_idf` need not be quoted. */
function readJson(typed: string): ReadField {
  try {
    return { value: JSON.parse(typed) as unknown };
  } catch {
    return /^[\w.-]+$/.test(typed)
      ? { value: typed }
      : { problem: t('JSON: brackets and quotes must close') };
  }
}

/** Fields that few change come after the others. */
const RARE =
  /_(initializer|regularizer|constraint)$|^(data_format|dilation_rate|groups|seed|noise_shape|dtype|sparse|ragged|name|stateful|unroll|time_major|zero_output_for_mask|return_state|synchronized)$/;

export function isRare({ name }: FormField): boolean {
  return RARE.test(name);
}

/** The fields of a draft that say something else than is said already. */
export function changedFields(
  form: readonly FormField[],
  draft: LayerConfig,
  present: LayerConfig,
): LayerConfig {
  return Object.fromEntries(
    form.flatMap(({ name, ...field }) => {
      const drafted = draft[name];
      if (drafted === undefined) return [];
      const known = name in present ? present[name] : 'preset' in field ? field.preset : undefined;
      return isEqual(drafted, known) ? [] : [[name, drafted] as const];
    }),
  );
}

const isEqual = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The first field that must be said and is not. */
export function missingField(form: readonly FormField[], values: LayerConfig): string | undefined {
  return form.find((field) => 'problem' in readField(field, textOfField(field, values[field.name])))?.name;
}
