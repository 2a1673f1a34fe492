import { describe, expect, test } from 'vitest';
import { allKinds, kindNamed } from '../../../../src/core/layers/catalogue';
import { formOf } from '../../../../src/core/layers/form';
import type { LayerKind } from '../../../../src/core/layers/kind';

function fields(kind: string) {
  const found = kindNamed(kind);
  if (!found) throw new Error(`no kind ${kind}`);
  return Object.fromEntries(formOf(found).map(({ name, ...field }) => [name, field]));
}

describe('the form of a kind', () => {
  test('has limits, choices and presets of its schema', () => {
    const { filters, kernel_size, padding, use_bias, bias_regularizer, activation } = fields('Conv2D');
    expect(filters).toEqual({ control: { type: 'count', least: 1 }, nullable: false });
    expect(kernel_size?.control).toEqual({ type: 'sizes', rank: 2, least: 1 });
    expect(padding).toMatchObject({ control: { type: 'word', words: ['valid', 'same'] }, preset: 'valid' });
    expect(use_bias).toEqual({ control: { type: 'flag' }, nullable: false, preset: true });
    expect(bias_regularizer).toMatchObject({ nullable: true, preset: null });
    expect(activation).toMatchObject({ control: { type: 'word' }, preset: 'linear' });
    expect(fields('Activation').activation?.control).toMatchObject({ type: 'word' });
    expect(fields('Dropout').rate).toEqual({
      control: { type: 'number', least: 0, most: 1 },
      nullable: false,
    });
  });

  test.each(allKinds().map((kind): [string, LayerKind] => [kind.name, kind]))(
    '%s: every preset is what the schema fills in',
    (_, kind) => {
      const form = formOf(kind);
      const written = kind.schema.safeParse({});
      if (!written.success) return expect(form.some((field) => !('preset' in field))).toBe(true);
      expect(Object.keys(written.data).sort()).toEqual(form.map(({ name }) => name).sort());
      return undefined;
    },
  );
});
