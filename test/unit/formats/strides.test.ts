import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { extentOf, gather, rowMajorStrides } from '../../../src/formats/strides';
import { openWeights } from '../../../src/formats/weights';
import { temporaryFolder } from '../../support/temporary';

test('row-major strides', () => {
  expect(rowMajorStrides([2, 3, 4])).toEqual([12, 4, 1]);
  expect(rowMajorStrides([])).toEqual([]);
});

test('a transposed view', () => {
  const stored = Float32Array.of(0, 1, 2, 3, 4, 5);
  expect([...gather(stored, [3, 2], [1, 3])]).toEqual([0, 3, 1, 4, 2, 5]);
  expect(extentOf([3, 2], [1, 3])).toBe(6);
});

test('a weight read from a part of a file, every second number, and repeated along an axis', async () => {
  const file = path.join(await temporaryFolder(), 'numbers.bin');
  await writeFile(file, Buffer.from(Float32Array.of(9, 1, 8, 2, 7, 3).buffer));
  const reader = openWeights();
  const read = (shape: number[], strides: number[], byteLength: number) =>
    reader.read({
      name: 'kernel',
      shape,
      dtype: 'float32',
      role: 'parameter',
      source: { from: 'ranges', ranges: [{ path: file, offset: 4, byteLength }], strides },
    });
  expect([...(await read([3], [2], 20))]).toEqual([1, 2, 3]);
  expect([...(await read([2, 2], [0, 2], 12))]).toEqual([1, 2, 1, 2]);
  await expect(read([3], [2], 16)).rejects.toMatchObject({ code: 'WEIGHT_SIZE' });
  await reader.close();
});
