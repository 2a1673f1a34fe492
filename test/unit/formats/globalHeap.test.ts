import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openModel } from '../../../src/formats/registry';
import { failureOf, fixture, temporaryFolder } from './fixtures';

test('texts whose heap has free space of no size do not keep the reader for ever', async () => {
  const bytes = await readFile(fixture('keras3/sequential.h5'));
  let heap = bytes.indexOf('GCOL');
  let collections = 0;
  for (; heap >= 0; heap = bytes.indexOf('GCOL', heap + 4)) {
    collections++;
    // The first object's place, as free space that ends where it begins.
    bytes.writeUInt16LE(0, heap + 16);
    bytes.writeBigUInt64LE(0n, heap + 24);
  }
  expect(collections).toBeGreaterThan(0);
  const file = path.join(await temporaryFolder(), 'endless.h5');
  await writeFile(file, bytes);
  expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'H5_CORRUPT' });
});
