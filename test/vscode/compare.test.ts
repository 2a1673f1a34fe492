import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../../src/runs/runReader';
import { readSweep } from '../../src/runs/sweepFile';
import { stopRun } from '../../src/trainer/client';
import { repository } from '../support/python';
import { EditorPage } from './support/editorPage';
import { RunsPage } from './support/runsPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** A freeze sweep of the sample, small: some images of each class, one epoch. */

const root = mkdtempSync(path.join(os.tmpdir(), 'compare-'));
const workspace = path.join(root, 'samples');
const IMAGES_A_CLASS = 12;
/** Of the training form: a run that a test steers is not over before. */
const ENDLESS = 100_000;
/** Oldest first. */
const runFolders = (): string[] => {
  const folder = path.join(workspace, 'runs');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return names.sort().map((name) => path.join(folder, name));
};

let testbed: Testbed;
let workbench: Workbench;

beforeAll(async () => {
  const samples = path.join(repository, 'samples');
  mkdirSync(workspace, { recursive: true });
  cpSync(path.join(samples, 'digits-0-4.h5'), path.join(workspace, 'digits-0-4.h5'));
  for (const name of readdirSync(path.join(samples, 'digits-5-9'))) {
    const [from, to] = [samples, workspace].map((folder) => path.join(folder, 'digits-5-9', name));
    mkdirSync(to!, { recursive: true });
    for (const image of readdirSync(from!).sort().slice(0, IMAGES_A_CLASS))
      cpSync(path.join(from!, image), path.join(to!, image));
  }
  writeFileSync(
    path.join(workspace, 'digits.plan.json'),
    JSON.stringify({
      version: 2,
      name: 'digits',
      model: 'digits-0-4.h5',
      data: { kind: 'images', train: 'digits-5-9', validation: 0.25, preprocess: 'unit' },
      phases: [{ epochs: 1, optimizer: { kind: 'adam', learningRate: 0.001 } }],
      batchSize: 16,
      engine: 'wasm',
    }),
  );
  mkdirSync(path.join(workspace, '.vscode'));
  writeFileSync(
    path.join(workspace, '.vscode', 'settings.json'),
    JSON.stringify({ 'modelSurgery.engine': 'wasm', 'modelSurgery.training.epochs': ENDLESS }),
  );
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.setTheme('dark');
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  // Their processes outlive every window.
  await Promise.all(runFolders().map((folder) => stopRun(folder)));
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

describe('comparing runs in a real VS Code', () => {
  it('trains a freeze sweep by command, and shows the series beside each other', async () => {
    await workbench.explorerContextMenu('digits.plan.json', 'Freeze Sweep…');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('4. Nothing frozen');
    await dialog.getByText('Train 4 Runs').click();

    const { frame } = await RunsPage.inFront(workbench);
    const rows = frame.locator('.comparison tbody tr');
    await expect.poll(() => rows.count(), { timeout: 90_000 }).toBe(4);
    // Each has its epoch and its end: the series is over.
    await expect.poll(() => rows.filter({ hasText: 'Finished' }).count(), { timeout: 90_000 }).toBe(4);
    const names = await rows.locator('.compared-name').allInnerTexts();
    expect(names.map((name) => /digits-frozen-\d/.exec(name)?.[0])).toEqual(
      [3, 2, 1, 0].map((stages) => `digits-frozen-${stages}`),
    );
    expect(await rows.last().innerText()).toContain('Nothing frozen');
    await frame.locator('.overlay-charts .plot').first().waitFor();
    await workbench.screenshot('vscode-compare-dark');

    const series = await Promise.all(runFolders().map((folder) => readSweep(folder)));
    expect(series.map((each) => each?.frozenStages)).toEqual([3, 2, 1, 0]);
    expect(new Set(series.map((each) => each?.id)).size).toBe(1);
  }, 180_000);

  it('compares what is chosen in the page', async () => {
    const { frame } = await RunsPage.inFront(workbench);
    await frame.getByRole('checkbox', { name: 'digits-frozen-1' }).uncheck();
    await expect.poll(() => frame.locator('.comparison tbody tr').count()).toBe(3);
    await frame.getByRole('button', { name: 'Compare this sweep' }).click();
    await expect.poll(() => frame.locator('.comparison tbody tr').count()).toBe(4);
  });

  it('copies the comparison as a table that other programs take', async () => {
    const { frame } = await RunsPage.inFront(workbench);
    const copied = () => workbench.page.evaluate(() => navigator.clipboard.readText());
    await frame.getByRole('button', { name: 'Copy as CSV' }).click();
    await expect.poll(copied).toMatch(/^run,freeze set,.*\ndigits-frozen-3,/);
    await frame.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expect.poll(copied).toMatch(/^\| run \| freeze set \|.*\n\| --- .*\n\| digits-frozen-3 \|/);
    expect(await copied()).toMatch(/\| digits-frozen-0 \| Nothing frozen \|/);
  });

  it('compares the runs that are selected in the tree', async () => {
    await workbench.quickCommand('View: Show Model Surgery');
    const rowOf = (name: string) =>
      workbench.page.locator('.sidebar .monaco-list-row', { hasText: name }).first();
    await rowOf('digits-frozen-3').click();
    await rowOf('digits-frozen-1').click({ modifiers: ['ControlOrMeta'] });
    await workbench.quickCommand('Model Surgery: Compare Runs');
    const { frame } = await RunsPage.inFront(workbench);
    const rows = frame.locator('.comparison tbody tr');
    await expect.poll(() => rows.count()).toBe(2);
    const names = await rows.locator('.compared-name').allInnerTexts();
    expect(names.map((name) => /digits-frozen-\d/.exec(name)?.[0]).sort()).toEqual([
      'digits-frozen-1',
      'digits-frozen-3',
    ]);
  });

  it('sweeps what an open editor trains, goes on with it after a reload, and ends it where it is cancelled', async () => {
    const before = runFolders().length;
    const newRuns = (count: number) =>
      expect.poll(() => runFolders().length - before, { timeout: 90_000 }).toBe(count);
    await workbench.quickCommand('View: Show Explorer');
    await workbench.openFile('digits-0-4.h5');
    await EditorPage.inFront(workbench);
    await workbench.quickCommand('Model Surgery: Freeze Sweep…');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByText('Train 4 Runs').click();
    await newRuns(1);
    // Twice would train the same beside each other.
    await workbench.quickCommand('Model Surgery: Freeze Sweep…');
    await workbench.notification(/a sweep of this plan is going on/);

    await workbench.reload();
    const sweep = () => workbench.notification(/Freeze sweep of digits-0-4/);
    await sweep();
    const first = runFolders().at(-1) ?? '';
    await expect
      .poll(async () => (await readRun(first)).events.some(({ type }) => type === 'step'))
      .toBe(true);
    await stopRun(first);
    await newRuns(2);
    const second = runFolders().at(-1) ?? '';
    await expect
      .poll(async () => (await readSweep(second))?.frozenStages, { timeout: 60_000 })
      .toBe((await readSweep(first))?.series?.stages[1]);

    await (await sweep()).getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(async () => (await readSweep(second))?.ended, { timeout: 60_000 }).toBe(true);
    expect((await readRun(second)).status).toBe('stopped');
    await newRuns(2);
  }, 300_000);
});
