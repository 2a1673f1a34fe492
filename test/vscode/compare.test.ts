import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSweep } from '../../src/runs/sweepFile';
import { repository } from '../support/python';
import { RunsPage } from './support/runsPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** A freeze sweep of the sample, small: some images of each class, one epoch. */

const root = mkdtempSync(path.join(os.tmpdir(), 'compare-'));
const workspace = path.join(root, 'samples');
const IMAGES_A_CLASS = 12;

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
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.setTheme('dark');
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
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

    const runs = path.join(workspace, 'runs');
    const series = await Promise.all(
      readdirSync(runs)
        .sort()
        .map((name) => readSweep(path.join(runs, name))),
    );
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
});
