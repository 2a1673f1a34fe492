import path from 'node:path';
import { expect, test } from 'vitest';
import { readNpy, writeNpy } from '../../src/data/npy';
import { repository, runPython } from '../support/python';
import { temporaryFolder } from '../support/temporary';

test('reads what NumPy writes and writes what NumPy reads', async () => {
  const folder = await temporaryFolder();
  await writeNpy(path.join(folder, 'y.npy'), [2, 2], Float32Array.of(1.5, -2, 0, 8));
  const printed = await runPython(path.join(repository, 'test/parity/npy.py'), [folder]);
  expect(printed.trim()).toBe('float32 [[1.5, -2.0], [0.0, 8.0]]');
  for (const name of ['c.npy', 'f.npy']) {
    const { shape, values } = await readNpy(path.join(folder, name));
    expect({ shape, values: [...values] }).toEqual({
      shape: [2, 3, 4],
      values: Array.from({ length: 24 }, (_, i) => i),
    });
  }
});
