import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJudgement } from '../../src/runs/judgementFile';
import { startTrainer } from '../../src/trainer/client';
import { repository } from '../support/python';
import { trainerEntry } from '../trainer/workspace';
import { EditorPage } from './support/editorPage';
import { RunsPage } from './support/runsPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** A finished run of the sample, judged: the matrix, the images of a cell, one of them, and what the run has moved. */

const root = mkdtempSync(path.join(os.tmpdir(), 'judge-'));
const workspace = path.join(root, 'workspace');
const at = (...names: readonly string[]) => path.join(workspace, ...names);

let run = '';
let testbed: Testbed;
let workbench: Workbench;
let runs: RunsPage;

const RECIPE = {
  version: 1,
  operations: [
    { op: 'cut', after: 'flatten' },
    {
      op: 'append',
      after: 'flatten',
      layers: [{ kind: 'Dense', name: 'digits', config: { units: 5, activation: 'softmax' } }],
    },
  ],
  freeze: [{ match: { upTo: 'flatten' } }],
};
const PLAN = {
  version: 1,
  model: 'digits-0-4.h5',
  recipe: 'digits.surgery.json',
  data: { kind: 'images', train: 'digits-5-9', validation: 0.2, preprocess: 'unit' },
  phases: [{ epochs: 1, optimizer: { kind: 'adam', learningRate: 0.001 } }],
  engine: 'wasm',
};

beforeAll(async () => {
  for (const name of ['digits-0-4.h5', 'digits-5-9']) {
    cpSync(path.join(repository, 'samples', name), at(name), { recursive: true });
  }
  writeFileSync(at('digits.surgery.json'), JSON.stringify(RECIPE));
  writeFileSync(at('digits.plan.json'), JSON.stringify(PLAN));
  const trainer = await startTrainer(
    { type: 'train', plan: at('digits.plan.json') },
    { entry: trainerEntry },
  );
  trainer.onMessage((message) => {
    if (message.type === 'run') run = message.folder;
  });
  expect(await trainer.exited).toEqual({ code: 0, signal: null });
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.setTheme('dark');
  await workbench.quickCommand('Model Surgery: Show Runs');
  runs = await RunsPage.inFront(workbench);
}, 240_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

describe('a run in a real VS Code', () => {
  it('is judged: a cell of the matrix shows its images, each opens', async () => {
    const { frame } = runs;
    await frame.getByRole('tab', { name: 'Judge' }).click();
    await frame.getByRole('button', { name: 'Judge This Run' }).click();
    const cell = frame.getByRole('gridcell', { name: /^7 recognised: / });
    await cell.waitFor({ timeout: 90_000 });
    const judgement = await readJudgement(run);
    expect(judgement?.samples).toBeGreaterThan(100);
    await cell.click();
    await frame.getByRole('heading', { name: '7 recognised' }).waitFor();
    const picture = frame.locator('.sample-grid img').first();
    await picture.waitFor({ timeout: 60_000 });
    await expect
      .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0);
    await frame.locator('.sample-grid button').first().click();
    await frame.locator('.sample-detail img').waitFor({ timeout: 60_000 });
    expect(await frame.locator('.sample-detail .top-bars li').count()).toBe(5);
    await workbench.screenshot('vscode-judge');
  });

  it('shows how far it has moved each layer, and that frozen ones have not', async () => {
    await runs.frame.getByRole('button', { name: 'Weight Movement' }).click();
    await workbench.expectInFront('model.h5');
    const editor = await EditorPage.inFront(workbench);
    const legend = editor.frame.getByRole('region', { name: 'Overlay' });
    await legend.getByRole('heading', { name: 'Weight movement' }).waitFor({ timeout: 30_000 });
    const shows = (text: RegExp) =>
      editor.frame.getByRole('button', { name: text }).first().waitFor({ timeout: 60_000 });
    await editor.select('block1a_conv');
    await shows(/block1a_conv.*Weight movement 0(?!\.)/);
    await editor.select('digits');
    await shows(/digits.*Weight movement \d*\.\d+/);
    await workbench.screenshot('vscode-movement');
  });
});
