import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EndEvent, EpochEvent, RunEvent } from '../../src/core/run/events';
import { recipeSchema } from '../../src/core/surgery/recipe';
import { readRun } from '../../src/runs/runReader';
import { repository } from '../support/python';
import { isBackedUp } from './support/backups';
import { EditorPage } from './support/editorPage';
import { RunsPage } from './support/runsPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** The whole job, once, for real: each test goes on where the one before it stopped. */

const root = mkdtempSync(path.join(os.tmpdir(), 'fine-tune-'));
const workspace = path.join(root, 'samples');
const model = path.join(workspace, 'digits-0-4.h5');
const recipe = path.join(workspace, 'digits-0-4.surgery.json');
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

let testbed: Testbed;
let workbench: Workbench;
let before: string;

beforeAll(async () => {
  for (const name of ['digits-0-4.h5', 'digits-5-9']) {
    cpSync(path.join(repository, 'samples', name), path.join(workspace, name), { recursive: true });
  }
  writeFileSync(path.join(workspace, 'letter.h5'), 'Dear reader, this is no model.\n');
  writeFileSync(path.join(workspace, 'torn.h5'), readFileSync(model).subarray(0, 40_000));
  before = sha256(model);
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.setTheme('dark');
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

/** The runs of the workspace, oldest first; a hidden folder is one that is being made. */
function runFolders(): string[] {
  const runs = path.join(workspace, 'runs');
  return existsSync(runs)
    ? readdirSync(runs)
        .filter((name) => !name.startsWith('.'))
        .sort()
        .map((name) => path.join(runs, name))
    : [];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const endOf = (events: readonly RunEvent[]) =>
  events.find((event): event is EndEvent => event.type === 'end');

describe('fine-tuning the sample in a real VS Code', () => {
  it('opens a model from the Explorer and draws its graph', async () => {
    await workbench.explorerContextMenu('digits-0-4.h5', 'Fine-tune');
    const editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(17);
    await editor.layer('block1a_conv').waitFor();
    expect(await workbench.isDirty('digits-0-4.h5')).toBe(false);
  });

  it('cuts, grafts and freezes; undo and redo are VS Code’s own', async () => {
    const editor = await EditorPage.inFront(workbench);
    await editor.select('flatten');
    await editor.act('cutHere');
    await editor.expectLayers(14);
    expect(await workbench.isDirty('digits-0-4.h5')).toBe(true);

    await editor.act('graftHead');
    await editor.fill('Hidden units', '64');
    await editor.frame.locator('.graft-confirm').click();
    await editor.expectLayers(17);
    await editor.frame.locator('.layer[data-grafted]').first().waitFor();

    await editor.select('flatten');
    await editor.act('freezeUpTo');
    await expect.poll(() => editor.total('Frozen')).toBeGreaterThan(0);
    await workbench.screenshot('vscode-editor-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('vscode-editor-light');
    await workbench.setTheme('dark');

    const frozen = await editor.total('Frozen');
    await editor.press('Control+z');
    await expect.poll(() => editor.total('Frozen')).toBe(0);
    await editor.press('Control+z');
    await editor.expectLayers(14);
    await editor.press('Control+Shift+z');
    await editor.expectLayers(17);
    await editor.press('Control+Shift+z');
    await expect.poll(() => editor.total('Frozen')).toBe(frozen);
  });

  it('saves the recipe beside the model, with the model’s fingerprint', async () => {
    const editor = await EditorPage.inFront(workbench);
    await editor.press('Control+s');
    await expect.poll(() => existsSync(recipe)).toBe(true);
    await expect.poll(() => workbench.isDirty('digits-0-4.h5')).toBe(false);
    const saved = recipeSchema.parse(JSON.parse(readFileSync(recipe, 'utf8')));
    expect(saved.base).toEqual({ path: 'digits-0-4.h5', sha256: before, bytes: readFileSync(model).length });
    expect(saved.operations.map(({ op }) => op)).toEqual(['cut', 'append']);
    expect(saved.freeze).toEqual([{ match: { upTo: 'flatten' } }]);
  });

  it('keeps unsaved edits when the window is loaded again, and reverts to the file', async () => {
    const editor = await EditorPage.inFront(workbench);
    const saved = await editor.total('Trainable');
    await editor.select('block2_conv');
    await editor.act('unfreeze');
    await expect.poll(() => editor.total('Trainable')).toBeGreaterThan(saved);
    const edited = await editor.total('Trainable');
    expect(await workbench.isDirty('digits-0-4.h5')).toBe(true);
    // VS Code backs a dirty document up some time after its last edit.
    await expect.poll(() => isBackedUp(testbed.home, 'digits-0-4.h5')).toBe(true);
    await workbench.reload();
    const again = await EditorPage.inFront(workbench);
    await expect.poll(() => again.total('Trainable')).toBe(edited);
    expect(await workbench.isDirty('digits-0-4.h5')).toBe(true);
    await workbench.quickCommand('File: Revert File');
    await expect.poll(() => again.total('Trainable')).toBe(saved);
    expect(await workbench.isDirty('digits-0-4.h5')).toBe(false);
  });

  it('finds a run again after a reload, and stops it: process gone, run readable', async () => {
    const editor = await EditorPage.inFront(workbench);
    await editor.train(200);
    const runs = await RunsPage.inFront(workbench);
    await runs.expectTraining(200);
    await runs.expectSteps(0);
    const [folder = ''] = runFolders();
    const { process: child, status } = await readRun(folder);
    expect(status).toBe('running');
    await workbench.page.locator('.statusbar-item', { hasText: /epoch \d+\/200/ }).waitFor();

    await workbench.reload();
    await workbench.quickCommand('Model Surgery: Show Runs');
    const found = await RunsPage.inFront(workbench);
    await found.expectSteps(0);
    await found.expectSteps(await found.stepsDrawn());
    // The window that had started it is gone: the run is asked through its folder.
    await found.press('Pause after this step');
    await workbench.page.locator('.statusbar-item', { hasText: /paused · epoch \d+\/200/ }).waitFor();
    await found.setRate('1e-4');
    await found.press('Go on with the run');
    await expect
      .poll(async () => (await readRun(folder)).events.map(({ type }) => type), { timeout: 60_000 })
      .toEqual(expect.arrayContaining(['paused', 'learningRate', 'resumed']));
    await found.stop();
    await found.expectOutcome(/^Stopped in epoch/, 60_000);
    await expect.poll(() => isAlive(child?.pid ?? 0)).toBe(false);
    const stopped = await readRun(folder);
    expect(stopped).toMatchObject({ status: 'stopped', problems: [] });
    expect(endOf(stopped.events)?.model).not.toEqual([]);
  });

  it('goes on with the run that was stopped, in its folder', async () => {
    const [folder = ''] = runFolders();
    await workbench.quickCommand('Model Surgery: Resume a Run…');
    const pick = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'stopped' });
    await pick.first().click();
    const { events: before } = await readRun(folder);
    await expect
      .poll(async () => (await readRun(folder)).events.some(({ type }) => type === 'resumed'), {
        timeout: 60_000,
      })
      .toBe(true);
    const runs = await RunsPage.inFront(workbench);
    await runs.expectTraining(200);
    await runs.stop();
    await runs.expectOutcome(/^Stopped in epoch/, 60_000);
    expect((await readRun(folder)).events.length).toBeGreaterThan(before.length);
    expect(runFolders()).toEqual([folder]);
  });

  it('pauses a run, sets its learning rate and goes on, from the panel; the view of runs follows', async () => {
    const editor = await EditorPage.inFront(workbench);
    const known = runFolders();
    await editor.train(200);
    const runs = await RunsPage.inFront(workbench);
    await expect.poll(() => runFolders().length, { timeout: 60_000 }).toBe(known.length + 1);
    const folder = runFolders().at(-1) ?? '';
    await runs.expectTraining(200);
    await runs.expectSteps(0);
    const told = (type: RunEvent['type']) =>
      expect
        .poll(async () => (await readRun(folder)).events.some((event) => event.type === type), {
          timeout: 60_000,
        })
        .toBe(true);

    await runs.press('Pause after this step');
    await told('paused');
    await workbench.page.locator('.statusbar-item', { hasText: /paused · epoch \d+\/200/ }).waitFor();
    await workbench.quickCommand('View: Show Model Surgery');
    const row = workbench.page
      .locator('.sidebar .monaco-list-row', { hasText: /paused · epoch \d+\/200/ })
      .first();
    await row.waitFor();
    expect(await workbench.page.locator('.sidebar .monaco-list-row').count()).toBe(known.length + 1);
    await workbench.screenshot('vscode-paused-dark');

    await runs.setRate('1e-5');
    await told('learningRate');
    await runs.press('Go on with the run');
    await told('resumed');
    await runs.expectSteps(await runs.stepsDrawn());
    await runs.stop();
    await runs.expectOutcome(/^Stopped in epoch/, 60_000);
    await row.waitFor({ state: 'hidden' });
    expect((await readRun(folder)).status).toBe('stopped');
  });

  it('renames a run beside its events, and sorts the runs', async () => {
    const folder = runFolders().at(-1) ?? '';
    const { events } = await readRun(folder);
    const tree = workbench.page.locator('.sidebar .monaco-list-row');
    await tree.first().click();
    await workbench.page.keyboard.press('F2');
    const input = workbench.page.locator('.quick-input-widget input.input:visible');
    await input.fill('slower');
    await input.press('Enter');
    await tree.filter({ hasText: 'slower' }).waitFor();
    const notes: unknown = JSON.parse(readFileSync(path.join(folder, 'notes.json'), 'utf8'));
    expect(notes).toEqual({ version: 1, name: 'slower' });
    expect((await readRun(folder)).events).toEqual(events);

    await workbench.quickCommand('Model Surgery: Sort Runs…');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Name' }).click();
    // The header of a container's only view is its container's: what it says is said to screen readers alone.
    await workbench.page
      .locator('.sidebar .pane-header[aria-label*="by name"]')
      .waitFor({ state: 'attached' });
    await workbench.screenshot('vscode-runs-view-dark');
    await workbench.quickCommand('View: Show Explorer');
  });

  it('shows one run in two windows, and hears both', async () => {
    const editor = await EditorPage.inFront(workbench);
    await editor.train(200);
    const here = await RunsPage.inFront(workbench);
    await here.expectTraining(200);
    await here.expectSteps(0);
    const other = await openWorkbench(testbed);
    try {
      await other.quickCommand('Model Surgery: Show Runs');
      const there = await RunsPage.inFront(other);
      await there.expectTraining(200);
      await there.press('Pause after this step');
      const goOn = here.frame.getByRole('button', { name: 'Go on with the run', exact: true });
      await goOn.waitFor();
      await here.press('Go on with the run');
      await there.frame.getByRole('button', { name: 'Pause after this step', exact: true }).waitFor();
      await there.stop();
      await there.expectOutcome(/^Stopped in epoch/, 60_000);
      await here.expectOutcome(/^Stopped in epoch/, 60_000);
    } finally {
      await other.close();
    }
  });

  it('says that a run is lost whose trainer was killed, and resumes it', async () => {
    const editor = await EditorPage.inFront(workbench);
    const known = runFolders();
    await editor.train(200);
    const runs = await RunsPage.inFront(workbench);
    await expect.poll(() => runFolders().length, { timeout: 60_000 }).toBe(known.length + 1);
    const folder = runFolders().at(-1) ?? '';
    await runs.expectTraining(200);
    await runs.expectSteps(0);
    await runs.press('Save a checkpoint now');
    const types = async () => (await readRun(folder)).events.map(({ type }) => type);
    await expect.poll(types, { timeout: 60_000 }).toContain('checkpoint');
    process.kill((await readRun(folder)).process?.pid ?? NaN, 'SIGKILL');
    await runs.expectOutcome(/^The trainer is gone/, 60_000);
    expect((await readRun(folder)).status).toBe('lost');
    await workbench.closeNotifications();
    await runs.frame.locator('.outcome-actions').getByText('Resume', { exact: true }).click();
    await expect.poll(types, { timeout: 60_000 }).toContain('resumed');
    await runs.expectTraining(200);
    await runs.stop();
    await runs.expectOutcome(/^Stopped in epoch/, 60_000);
  });

  it('trains longer from the panel, and tells of it in a notification while the panel is hidden', async () => {
    const [folder = ''] = runFolders().slice(-1);
    const runs = await RunsPage.inFront(workbench);
    await runs.frame.locator('.outcome-actions').getByText('Train longer…').click();
    const input = workbench.page.locator('.quick-input-widget input.input:visible');
    await input.fill('1000');
    await input.press('Enter');
    await runs.expectTraining(1200);
    expect((await readRun(folder)).plan?.phases.map(({ epochs }) => epochs)).toEqual([1200]);
    await workbench.quickCommand('View: Hide Panel');
    const told = await workbench.notification(/Training digits-0-4.*epoch \d+\/1200/s, 60_000);
    await workbench.screenshot('vscode-notification-dark');
    await told.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(async () => (await readRun(folder)).status, { timeout: 60_000 }).toBe('stopped');
    await told.waitFor({ state: 'hidden' });
    await workbench.quickCommand('Model Surgery: Show Runs');
  });

  it('starts again with changes: the training form says what the run’s plan said', async () => {
    const runs = await RunsPage.inFront(workbench);
    await runs.frame.getByRole('button', { name: 'Start again with changes…' }).click();
    const { frame } = await EditorPage.inFront(workbench);
    const sheet = frame.getByRole('dialog', { name: 'Train' });
    await sheet.waitFor();
    const epochs = sheet.getByRole('textbox', { name: 'Epochs', exact: true });
    await expect.poll(() => epochs.inputValue()).toBe('1200');
    expect(await workbench.isDirty('digits-0-4.h5')).toBe(false);
  });

  it('finishes another run, with curves as they come and a good result', async () => {
    const editor = await EditorPage.inFront(workbench);
    await editor.train(10);
    const runs = await RunsPage.inFront(workbench);
    await runs.expectTraining(10);
    await runs.expectSteps(0);
    await runs.expectSteps(await runs.stepsDrawn());
    await workbench.screenshot('vscode-training-dark');
    await runs.expectOutcome(/^Training finished/, 180_000);
    await workbench.notification(/Training digits-0-4 finished: validation accuracy/);
    await workbench.closeNotifications();
    await workbench.screenshot('vscode-runs-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('vscode-runs-light');
    await workbench.setTheme('contrast-dark');
    await workbench.screenshot('vscode-runs-contrast');
    await workbench.setTheme('dark');

    const { events, status } = await readRun(runFolders().at(-1) ?? '');
    expect(status).toBe('finished');
    const last = events.findLast((event): event is EpochEvent => event.type === 'epoch');
    expect(last?.metrics['val_accuracy']).toBeGreaterThanOrEqual(0.95);
  });

  it('shows the history again when the panel was closed', async () => {
    await workbench.quickCommand('View: Hide Panel');
    await expect.poll(() => workbench.page.locator('.part.panel').isVisible()).toBe(false);
    await workbench.quickCommand('Model Surgery: Show Runs');
    const runs = await RunsPage.inFront(workbench);
    await runs.expectOutcome(/^Training finished/, 30_000);
    await runs.expectSteps(100);
  });

  it('opens the result', async () => {
    const runs = await RunsPage.inFront(workbench);
    await runs.frame.locator('.outcome-actions').getByText('Open result').click();
    await workbench.expectInFront('model.h5');
    const editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(17);
    await workbench.screenshot('vscode-result-dark');
  });

  it('trains as the sheet asks, stops early, and shows its plan', async () => {
    await workbench.openFile('digits-0-4.h5');
    await workbench.expectInFront('digits-0-4.h5');
    const { frame } = await EditorPage.inFront(workbench);
    await workbench.quickCommand('Model Surgery: Train…');
    const sheet = frame.getByRole('dialog', { name: 'Train' });
    // Far more than it takes to get as many of the images right as it ever will.
    await sheet.getByRole('textbox', { name: 'Epochs', exact: true }).fill('60');
    await sheet.locator('.train-more > summary').click();
    await sheet.getByRole('checkbox', { name: 'Stop once it gets no better' }).click();
    await sheet.getByRole('combobox', { name: 'Monitor', exact: true }).click();
    await sheet.getByRole('option', { name: 'Validation accuracy' }).click();
    await sheet.getByRole('textbox', { name: 'Patience, epochs' }).fill('1');
    const before = runFolders().length;
    await sheet.locator('.train-start').click();
    await expect.poll(() => runFolders().length, { timeout: 60_000 }).toBe(before + 1);
    const run = runFolders().at(-1) ?? '';
    await expect.poll(async () => (await readRun(run)).status, { timeout: 180_000 }).toBe('finished');
    const { events, plan } = await readRun(run);
    expect(plan?.earlyStopping).toMatchObject({ monitor: 'val_accuracy', patience: 1, restoreBest: true });
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['earlyStop', 'restored']));

    await sheet.getByRole('button', { name: 'Show the plan' }).click();
    await workbench.expectInFront('digits-0-4.plan.json');
    await workbench.quickCommand('View: Close Editor');
  });

  it('says what is wrong with a file that is no model', async () => {
    for (const [file, message] of [
      ['letter.h5', /letter\.h5/],
      ['torn.h5', /torn\.h5/],
    ] as const) {
      await workbench.openFile(file);
      const frame = await workbench.webview(
        `.state[role="alert"] .state-message:text-matches("${message.source.replaceAll('\\', '\\\\')}")`,
      );
      await frame.getByText('This model cannot be opened').waitFor();
      await workbench.screenshot(`vscode-${file.replace('.h5', '')}-dark`);
    }
  });

  it('never wrote to the model', () => {
    expect(sha256(model)).toBe(before);
  });
});
