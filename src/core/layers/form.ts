import * as z from 'zod';
import { controlOf, type Control } from './fields';
import type { LayerKind } from './kind';
import { t } from '../../l10n/translate';

/** One field of a kind's configuration, as a form asks for it. */
export interface FormField {
  /** Keras's key. */
  readonly name: string;
  readonly control: Control;
  /** Whether it may be null, which means that there is none. */
  readonly nullable: boolean;
  /** What it is where nothing is said; none where it must be said. */
  readonly preset?: unknown;
}

/** The form of a kind's configuration, made from its schema; a field in the order in which the schema has them. */
export function formOf(kind: LayerKind): readonly FormField[] {
  const known = forms.get(kind);
  if (known) return known;
  const form = Object.entries(shapeOf(kind.schema)).map(([name, schema]) => fieldOf(name, schema));
  forms.set(kind, form);
  return form;
}

const forms = new WeakMap<LayerKind, readonly FormField[]>();

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  if (schema instanceof z.ZodPipe) {
    const read = shapeOf(schema.out);
    return Object.keys(read).length > 0 ? read : shapeOf(schema.in);
  }
  if (schema instanceof z.ZodObject) return schema.shape;
  return {};
}

function fieldOf(name: string, schema: z.core.$ZodType): FormField {
  let inner = schema;
  let nullable = false;
  let preset: { readonly preset: unknown } | undefined;
  for (;;) {
    if (inner instanceof z.ZodDefault) {
      preset ??= { preset: inner.def.defaultValue };
      inner = inner.unwrap();
    } else if (inner instanceof z.ZodNullable || inner instanceof z.ZodOptional) {
      nullable = true;
      inner = inner.unwrap();
    } else break;
  }
  const control = (inner instanceof z.ZodType && controlOf(inner)) || {
    type: 'json',
    expected: t('a value'),
  };
  return { name, control, nullable, ...preset };
}
