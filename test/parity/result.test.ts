import { execFile } from 'node:child_process';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import { readNpy, writeNpy } from '../../src/data/npy';
import { digitBatches } from '../support/digits';
import { repository, runPython } from '../support/python';
import { temporaryFolder } from '../support/temporary';

const run = promisify(execFile);

/** The built command line, in a folder. */
const cli = (cwd: string, ...argv: string[]) =>
  run(process.execPath, [path.join(repository, 'dist/cli.js'), ...argv], { cwd });

/** All layers trained, so that every weight and statistic of the result is another than the sample's. */
test('what a run leaves is the same model in real Keras as here', async () => {
  const folder = await temporaryFolder();
  const at = (...names: string[]) => path.join(folder, ...names);
  await copyFile(path.join(repository, 'samples/digits-0-4.h5'), at('digits.h5'));
  const plan: PlanInput = {
    version: 1,
    model: 'digits.h5',
    data: { kind: 'images', train: path.join(repository, 'samples/digits-5-9'), preprocess: 'unit' },
    phases: [{ epochs: 1, optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true } }],
    engine: 'wasm',
  };
  await writeFile(at('digits.plan.json'), JSON.stringify(plan));
  await cli(folder, 'train', 'digits.plan.json');
  const [name] = await readdir(at('runs'));
  const result = at('runs', name ?? '', 'model');

  const [{ input }] = await digitBatches(1, 16);
  await writeNpy(at('x.npy'), input.shape, input.data);
  const answers = async (model: string, output: string) => {
    await cli(folder, 'predict', model, '--input', 'x.npy', '--output', output, '--engine', 'wasm');
    return readNpy(at(output));
  };
  const base = await answers('digits.h5', 'base.npy');
  const ours = await answers(path.join(result, 'model.h5'), 'h5.npy');
  const again = await answers(result, 'tfjs.npy');
  await runPython(path.join(repository, 'test/parity/result.py'), [
    path.join(result, 'model.h5'),
    at('x.npy'),
    at('keras.npy'),
  ]);
  const theirs = await readNpy(at('keras.npy'));

  expect(ours.shape).toEqual([16, 5]);
  expect(again.values).toEqual(ours.values);
  expect(theirs.shape).toEqual(ours.shape);
  const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Math.max(...Array.from(a, (value, index) => Math.abs(value - (b[index] ?? NaN))));
  expect(largest(ours.values, theirs.values)).toBeLessThan(1e-5);
  expect(largest(ours.values, base.values)).toBeGreaterThan(0.1);
});
