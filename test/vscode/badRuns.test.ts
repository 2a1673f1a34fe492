import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunsPage } from './support/runsPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** Run folders as kills, moves and other versions leave them: each is shown as what it is. */

const root = mkdtempSync(path.join(os.tmpdir(), 'bad-runs-'));
const workspace = path.join(root, 'workspace');
const folderOf = (hour: number, name: string) =>
  path.join(workspace, 'runs', `2026-11-20T1${hour}-00-00Z-${name}`);

const PLAN = {
  version: 1,
  model: '../../digits.h5',
  data: { kind: 'images', train: '../../data' },
  phases: [{ epochs: 4, optimizer: { kind: 'sgd' } }],
};
const start = (name: string, hour: number) => ({
  ...{ type: 'start', version: 1, time: Date.UTC(2026, 10, 20, 10 + hour), name, engine: 'wasm' },
  ...{ device: 'WebAssembly SIMD, 2 cores', epochs: 4, stepsPerEpoch: 5, trainSamples: 20 },
  ...{ validationSamples: 5, batchSize: 4, classes: ['a', 'b'], totalParams: 10, trainableParams: 4 },
});
const step = (number: number, loss: number | null) => ({
  ...{ type: 'step', time: Date.UTC(2026, 10, 20, 15) + number, step: number },
  ...{ epoch: Math.ceil(number / 5), metrics: { loss, accuracy: 0.5 } },
});
const steps = (loss: number | null) => Array.from({ length: 12 }, (_, index) => step(index + 1, loss));
const end = { type: 'end', status: 'finished', time: Date.UTC(2026, 10, 20, 16), model: ['model/model.h5'] };

/** Writes a run's folder; `torn` follows the last whole line of its log. */
function write(folder: string, events: readonly object[], options: { plan?: object; torn?: string } = {}) {
  const { plan = PLAN, torn = '' } = options;
  mkdirSync(folder, { recursive: true });
  if (Object.keys(plan).length > 0) writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(plan));
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  writeFileSync(path.join(folder, 'events.jsonl'), lines + torn);
  writeFileSync(path.join(folder, 'log.txt'), 'what the trainer said\n');
}

const nan = folderOf(0, 'nan');
const killed = folderOf(1, 'killed');

let trainer: ChildProcess;
let testbed: Testbed;
let workbench: Workbench;
let runs: RunsPage;

beforeAll(async () => {
  write(nan, [start('nan', 0), ...steps(null), { ...end, model: [] }]);
  write(killed, [start('killed', 1), ...steps(1)], { torn: '{"type":"st' });
  mkdirSync(path.join(killed, 'checkpoints/epoch-0002'), { recursive: true });
  // Stands for a trainer: any process that goes on until it is killed.
  trainer = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  const startedAt = Date.now();
  const held = { version: 1, pid: trainer.pid, identity: null, startedAt };
  writeFileSync(path.join(killed, 'process.json'), JSON.stringify(held));
  write(folderOf(2, 'modelless'), [start('modelless', 2), ...steps(1), end]);
  write(
    folderOf(3, 'newer'),
    [
      { ...start('newer', 3), version: 2 },
      { type: 'weather', time: 1 },
    ],
    {
      plan: { ...PLAN, version: 7 },
    },
  );
  write(folderOf(4, 'half'), [], { plan: {}, torn: '{"type":"sta' });

  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.quickCommand('Model Surgery: Show Runs');
  await workbench.quickCommand('View: Show Model Surgery');
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  trainer?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

const row = (name: string): Locator =>
  workbench.page
    .locator('.sidebar .monaco-list-row')
    .filter({ has: workbench.page.getByText(name, { exact: true }) })
    .first();

/** Chooses a run in the tree until the panel shows it: a row that is drawn anew under the pointer takes no click. */
async function choose(name: string): Promise<void> {
  const shown = runs.frame.locator('.run-picker-name', { hasText: name });
  for (let tries = 0; tries < 10; tries++) {
    await row(name).getByText(name, { exact: true }).click();
    const isShown = await shown.waitFor({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
    if (isShown) return;
  }
  await workbench.screenshot('vscode-run-not-shown');
  throw new Error(`the panel does not show the run ${name} that was chosen in the tree`);
}

describe('runs that are not as they should be', () => {
  it('are in the tree, each as what it is', async () => {
    for (const [name, words] of [
      ['half', 'nothing recorded'],
      ['newer', 'from a newer version'],
      ['modelless', 'model missing'],
      ['killed', 'epoch 3/4'],
    ] as const) {
      await row(name).filter({ hasText: words }).waitFor();
    }
    // What was no number is no result.
    expect(await row('nan').innerText()).not.toContain('NaN');
  });

  it('half written and of a newer version say so in the panel', async () => {
    runs = await RunsPage.inFront(workbench);
    await choose('half');
    await runs.frame.getByRole('heading', { name: 'Nothing was recorded' }).waitFor();
    await choose('newer');
    await runs.frame.getByRole('heading', { name: 'From a newer version' }).waitFor();
    await workbench.screenshot('vscode-run-newer');
  });

  it('without its model offers no result, and is exported all the same', async () => {
    await choose('modelless');
    await runs.frame.locator('.notice[data-fault="modelMissing"]').waitFor();
    expect(await runs.frame.getByText('Open result').count()).toBe(0);
    await runs.press('Export the run');
    await runs.frame.getByRole('menuitem', { name: 'Report with Pictures…' }).click();
    const dialog = workbench.page.locator('.quick-input-widget');
    await dialog.getByText('Export Report').waitFor();
    await dialog.getByRole('button', { name: 'OK', exact: true }).click();
    const name = path.basename(folderOf(2, 'modelless'));
    await workbench.notification(`Saved ${name}.md.`);
    const report = readFileSync(path.join(workspace, `${name}.md`), 'utf8');
    expect(report).toContain(`![Loss](<${name}-pictures/loss.svg>)`);
    expect(report).toContain('the model that the run wrote is not there any more');
    const svg = readFileSync(path.join(workspace, `${name}-pictures/loss.svg`), 'utf8');
    expect(svg).toContain('>Training</text>');
    await workbench.closeNotifications();
  });

  it('with NaN metrics says where there is nothing to draw', async () => {
    await choose('nan');
    await runs.frame.getByText('Loss is NaN wherever it was measured').waitFor();
  });

  it('whose trainer is killed from outside is lost within seconds, and can be resumed', async () => {
    await choose('killed');
    await runs.frame.getByRole('group', { name: 'Steer the run' }).waitFor();
    trainer.kill('SIGKILL');
    await runs.expectOutcome(/^The trainer is gone$/, 30_000);
    await runs.frame.locator('.notice[data-fault="torn"]').waitFor();
    await runs.frame.locator('.outcome-actions').getByText('Resume').waitFor();
    await row('killed').filter({ hasText: 'lost' }).waitFor();
    await workbench.screenshot('vscode-run-killed');
  });

  it('deleted while it is shown is told of, and the newest shown in its place', async () => {
    await choose('nan');
    rmSync(nan, { recursive: true });
    await runs.frame.getByText('The run nan was deleted or moved.').waitFor({ timeout: 30_000 });
    await row('nan').waitFor({ state: 'detached' });
    await runs.frame.locator('.run-picker-name', { hasText: 'half' }).waitFor();
  });
});
