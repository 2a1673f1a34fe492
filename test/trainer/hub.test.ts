import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { exportModel } from '../../src/formats/exportModel';
import { writeRecipe } from '../../src/formats/recipeFile';
import { readRun } from '../../src/runs/runReader';
import { hubModel } from '../../src/zoo/hub/hubModel';
import { moduleAt } from '../../src/zoo/hub/hubModule';
import { repository } from '../support/python';
import { carryOut, openWorkspace, weightBytes } from './workspace';

const MODULE = path.join(repository, 'test/fixtures/tensorflow/hub/tf2');
const VARIABLES = path.join(MODULE, 'variables/variables.data-00000-of-00001');

it('a module of TensorFlow Hub trains a head and keeps its own numbers, bit by bit', async () => {
  const workspace = await openWorkspace();
  const file = await readFile(VARIABLES);
  const { model, recipe, end } = await hubModel(await moduleAt(MODULE), { inputSize: [16, 16] });
  await exportModel(model, workspace.at('module.h5'), 'h5');
  const head = { kind: 'Dense', name: 'head', config: { units: 2, activation: 'softmax' } };
  await writeRecipe(workspace.at('module.surgery.json'), {
    ...recipe,
    operations: [{ op: 'append', after: end, layers: [head] }],
  });
  const plan = await workspace.plan({
    ...{ model: 'module.h5', recipe: 'module.surgery.json', engine: 'wasm' },
    // In whole batches of the same samples, so that losses can be compared.
    ...{ shuffle: false, batchSize: 24 },
    phases: [{ epochs: 20, optimizer: { kind: 'adam', learningRate: 0.02 } }],
  });
  const { folder = '', failed } = await carryOut({ type: 'train', plan });
  expect(failed).toBeUndefined();

  const { events } = await readRun(folder);
  expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
  const losses = events.flatMap((event) => (event.type === 'epoch' ? [Number(event.metrics.loss)] : []));
  expect(losses).toHaveLength(20);
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
  const [before, after] = await Promise.all([
    weightBytes(MODULE),
    weightBytes(path.join(folder, 'model/model.h5')),
  ]);
  expect([...after.keys()]).toEqual([...before.keys(), 'head/kernel', 'head/bias']);
  for (const [name, bytes] of before) expect(after.get(name), name).toBe(bytes);
  expect(await readFile(VARIABLES)).toEqual(file);
});
