import { expect, it } from 'vitest';
import { parseInputSize } from '../../../src/zoo/inputSize';

it.each([
  ['160', [160, 160]],
  [' 160x128 ', [160, 128]],
  ['160 × 128', [160, 128]],
  ['any', [null, null]],
  ['', undefined],
  ['0', undefined],
  ['-5', undefined],
  ['160x', undefined],
  ['1e3', undefined],
  ['9999999', undefined],
])('%j is a size: %j', (text, size) => expect(parseInputSize(text)).toEqual(size));
