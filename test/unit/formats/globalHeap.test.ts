import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openModel } from '../../../src/formats/registry';
import { failureOf, fixture, temporaryFolder } from './fixtures';

/** The first object of each heap of texts: its place, where 0 is free space, and the size that it claims. */
test.each([
  ['free space that ends where it begins', 0, 0n],
  ['free space whose size is nothing in 32 bits', 0, 2n ** 32n],
  ['a text that ends before it begins, in 32 bits', 1, 2n ** 32n - 16n],
  ['a text that ends where it begins, in 32 bits', 1, 2n ** 48n - 16n],
  ['free space that ends before it begins, in 32 bits', 0, 2n ** 32n - 8n],
])('%s does not keep the reader for ever', async (_what, place, claimed) => {
  const bytes = await readFile(fixture('keras3/sequential.h5'));
  let heap = bytes.indexOf('GCOL');
  let collections = 0;
  for (; heap >= 0; heap = bytes.indexOf('GCOL', heap + 4)) {
    collections++;
    bytes.writeUInt16LE(place, heap + 16);
    bytes.writeBigUInt64LE(claimed, heap + 24);
  }
  expect(collections).toBeGreaterThan(0);
  const file = path.join(await temporaryFolder(), 'endless.h5');
  await writeFile(file, bytes);
  expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'H5_CORRUPT' });
});
