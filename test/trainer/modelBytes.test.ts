import { createHash } from 'node:crypto';
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runProgram } from '../../src/cli/program';
import { openOperated } from '../../src/formats/operatedModel';
import { writeRecipe } from '../../src/formats/recipeFile';
import { WeightInspector } from '../../src/formats/inspection/weightInspector';
import type { ToTrainer } from '../../src/protocol/trainer';
import { carryOut, openWorkspace, trainerEntry } from './workspace';

/** Old enough that any writing, of the same bytes too, shows. */
const LONG_AGO = new Date(Date.UTC(2020, 0));

/** What a file, or every file of a folder, holds, and when it was written. */
async function stateOf(target: string): Promise<unknown> {
  if ((await stat(target)).isDirectory()) {
    const names = (await readdir(target)).sort();
    return Promise.all(names.map(async (name) => [name, await stateOf(path.join(target, name))]));
  }
  const hash = createHash('sha256').update(await readFile(target));
  return [hash.digest('hex'), (await stat(target)).mtimeMs];
}

it('a model that is given is never written to, whatever is done with it', async () => {
  const workspace = await openWorkspace();
  const { at } = workspace;
  const program = async (...argv: string[]) => {
    let said = '';
    const status = await runProgram(argv, {
      write: () => undefined,
      warn: (line) => void (said += `${line}\n`),
      columns: undefined,
      trainerEntry,
      onInterrupt: () => () => undefined,
    });
    return { status, said };
  };
  const cli = async (...argv: string[]) => {
    const { status, said } = await program(...argv);
    expect([argv[0], status, said]).toEqual([argv[0], 0, expect.not.stringContaining('error')]);
  };
  const ask = async (request: ToTrainer) => {
    const { failed, folder } = await carryOut(request);
    expect(failed).toBeUndefined();
    return folder ?? '';
  };

  await cli('convert', at('tiny.h5'), '--out', at('donor'));
  await cli('convert', at('tiny.h5'), '--out', at('start.keras'));
  const given = ['tiny.h5', 'start.keras', 'donor'].map((name) => at(name));
  const files = [...given.slice(0, 2), ...(await readdir(given[2]!)).map((name) => at('donor', name))];
  for (const file of files) await utimes(file, LONG_AGO, LONG_AGO);
  const states = () => Promise.all(given.map(stateOf));
  const before = await states();

  const recipe = at('tiny.surgery.json');
  await writeRecipe(recipe, {
    version: 1,
    operations: [
      { op: 'cut', after: 'pool' },
      { op: 'graft', donor: at('donor', 'model.json'), from: 'scores', to: 'scores', after: 'pool' },
      { op: 'warmStart', from: at('start.keras'), match: '^(conv|norm)' },
    ],
    freeze: [{ match: { names: ['conv'] } }],
  });
  const operated = await openOperated(at('tiny.h5'), recipe);
  expect(operated.faults).toEqual([]);
  const inspector = new WeightInspector(path.join(path.dirname(trainerEntry), 'weights.js'));
  onTestFinished(() => inspector.dispose());
  const weights = operated.graph.layers.flatMap((layer) => layer.weights);
  let measured = 0;
  await inspector.measure(weights, () => measured++, new AbortController().signal);
  expect(measured).toBe(weights.length);

  await cli('summary', at('tiny.h5'), '--recipe', recipe);
  for (const name of ['a.h5', 'a.keras', 'a.safetensors', 'a.onnx', 'a']) {
    await cli('apply', at('tiny.h5'), '--recipe', recipe, '--out', at(name));
  }
  await cli('convert', at('start.keras'), '--out', at('b.h5'));
  await cli('convert', at('tiny.h5'), '--out', at('b.py'));
  const plan = await workspace.plan({ recipe: 'tiny.surgery.json', checkpoint: { every: 1, keep: 2 } });
  const run = await ask({ type: 'train', plan });
  await ask({ type: 'train', plan: path.join(run, 'plan.json'), resume: run, longer: 1 });
  await ask({ type: 'judge', run });
  await ask({ type: 'evaluate', model: at('tiny.h5'), recipe, plan });
  await ask({ type: 'predict', model: at('tiny.h5'), recipe, input: at('data', 'plain', '0.png'), top: 1 });
  for (const target of given) {
    const out = ['--recipe', recipe, '--out', target, '--force'];
    expect(await program('apply', at('tiny.h5'), ...out)).toEqual({
      status: 2,
      said: expect.stringContaining('OUTPUT_IS_INPUT') as string,
    });
  }
  expect(await states()).toEqual(before);
});
