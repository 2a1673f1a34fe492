import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import { expectAnswers } from '../support/answers';
import { repository, runPython } from '../support/python';

const SCRIPT = path.join(repository, 'test/parity/kerasOperations.py');
const CACHE = path.join(repository, '.cache/parity/keras-operations');

let names: readonly string[];
beforeAll(async () => {
  await rm(CACHE, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  names = JSON.parse((await runPython(SCRIPT, [CACHE])).trim().split('\n').at(-1)!) as string[];
  await openEngine('cpu');
});

test('operations of keras.ops, and layers that models share, answer as in Keras', async () => {
  expect(names.length).toBeGreaterThan(30);
  const failed: string[] = [];
  const files = (await readdir(CACHE)).filter((file) => /\.(keras|h5)$/.test(file));
  expect(files.length).toBeGreaterThan(names.length);
  for (const file of files) {
    const model = await openModel(path.join(CACHE, file));
    const opaque = model.graph.layers.flatMap((layer) => layer.opaque ?? []);
    if (opaque.length > 0) failed.push(`${file}: ${opaque.join('; ')}`);
    else {
      await expectAnswers(model, path.join(CACHE, `${path.parse(file).name}.json`)).catch((cause: Error) =>
        failed.push(`${file}: ${cause.message}`),
      );
    }
  }
  expect(failed).toEqual([]);
});
