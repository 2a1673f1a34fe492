import { describe, expect, it } from 'vitest';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { formOf } from '../../../../src/core/layers/form';
import {
  changedFields,
  isRare,
  missingField,
  readField,
  textOfField,
} from '../../../../webview/editor/form/fieldText';

function fieldsOf(kind: string) {
  const known = kindNamed(kind);
  if (!known) throw new Error(`no kind ${kind}`);
  return formOf(known);
}

function field(kind: string, name: string) {
  const found = fieldsOf(kind).find((one) => one.name === name);
  if (!found) throw new Error(`no field ${name}`);
  return found;
}

describe('a typed field', () => {
  it('takes whole numbers from the least on', () => {
    expect(readField(field('Dense', 'units'), ' 12 ')).toEqual({ value: 12 });
    for (const typed of ['0', '1.5', 'many', '3, 3']) {
      expect(readField(field('Dense', 'units'), typed)).toEqual({ problem: 'a whole number from 1' });
    }
  });

  it('must be filled where there is no preset', () => {
    expect(readField(field('Dense', 'units'), '')).toEqual({ problem: 'needed: a whole number from 1' });
    expect(readField(field('Conv2D', 'strides'), '')).toEqual({ value: undefined });
  });

  it('takes one size for all axes, or one for each', () => {
    const size = field('Conv2D', 'kernel_size');
    expect(readField(size, '3')).toEqual({ value: [3, 3] });
    expect(readField(size, '3, 5')).toEqual({ value: [3, 5] });
    expect(readField(size, '3×5')).toEqual({ value: [3, 5] });
    expect(readField(size, '3 3 3')).toEqual({ problem: 'a whole number from 1, or 2 of them' });
    expect(textOfField(size, [3, 3])).toBe('3');
    expect(textOfField(size, [3, 5])).toBe('3, 5');
  });

  it('keeps a number within its limits', () => {
    expect(readField(field('Dropout', 'rate'), '.25')).toEqual({ value: 0.25 });
    expect(readField(field('Dropout', 'rate'), '2')).toEqual({ problem: 'a number from 0 to 1' });
  });

  it('takes JSON where nothing simpler says a value, and bare words', () => {
    const padding = field('ZeroPadding2D', 'padding');
    expect(readField(padding, '[[1, 2], [0, 0]]')).toEqual({
      value: [
        [1, 2],
        [0, 0],
      ],
    });
    expect(readField(padding, 'lots')).toEqual({ value: 'lots' });
    expect(readField(padding, '[1')).toEqual({ problem: 'JSON: brackets and quotes must close' });
  });
});

describe('a form', () => {
  it('names the first field that must be said', () => {
    expect(missingField(fieldsOf('Conv2D'), {})).toBe('filters');
    expect(missingField(fieldsOf('Conv2D'), { filters: 8 })).toBe('kernel_size');
    expect(missingField(fieldsOf('Conv2D'), { filters: 8, kernel_size: [3, 3] })).toBeUndefined();
  });

  it('gives what says something else than presets do', () => {
    const draft = { filters: 8, kernel_size: [3, 3], strides: [1, 1], padding: 'same', use_bias: undefined };
    expect(changedFields(fieldsOf('Conv2D'), draft, {})).toEqual({
      filters: 8,
      kernel_size: [3, 3],
      padding: 'same',
    });
    expect(changedFields(fieldsOf('Conv2D'), draft, { filters: 8, padding: 'same' })).toEqual({
      kernel_size: [3, 3],
    });
  });

  it('puts what few change behind the rest', () => {
    const rare = fieldsOf('Conv2D').filter(isRare);
    const common = fieldsOf('Conv2D').filter((one) => !isRare(one));
    expect(common.map(({ name }) => name)).toEqual([
      ...['filters', 'kernel_size', 'strides', 'padding', 'activation', 'use_bias'],
    ]);
    expect(rare.map(({ name }) => name)).toContain('kernel_initializer');
  });
});
