import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import { expectAnswers } from '../support/answers';
import { repository, runPython } from '../support/python';

/** Lays out files of Keras 1 and 2, and asks Keras 3 what the same networks answer. */
const SCRIPT = path.join(repository, 'test/fixtures/keras1/make.py');
const CACHE = path.join(repository, '.cache/parity/keras1');

beforeAll(async () => {
  await rm(CACHE, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await runPython(SCRIPT, [CACHE]);
  await openEngine('wasm');
});

test('files of older versions answer as the same networks of Keras 3', async () => {
  const files = (await readdir(CACHE)).filter((name) => name.endsWith('.h5'));
  expect(files.length).toBeGreaterThanOrEqual(7);
  for (const name of files) {
    const model = await openModel(path.join(CACHE, name));
    await expectAnswers(model, path.join(CACHE, name.replace('.h5', '.json')));
  }
});
