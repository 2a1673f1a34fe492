import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Frame, FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../../src/runs/runReader';
import { axeFindings } from '../support/axe';
import { repository } from '../support/python';
import { motions, outOfReach, tabTo } from '../support/reach';
import { EditorPage } from './support/editorPage';
import { Keyboard } from './support/keyboard';
import { RunsPage } from './support/runsPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** The main job in a real VS Code by keyboard alone, and what its pages are for those who see or hear them otherwise. */

const root = mkdtempSync(path.join(os.tmpdir(), 'accessibility-'));
const workspace = path.join(root, 'samples');
const runs = path.join(workspace, 'runs');
const MODEL = 'digits-0-4.h5';
/** 1440 x 900 at 200 %. */
const ZOOMED = { width: 720, height: 450 } as const;

let testbed: Testbed;
let workbench: Workbench;
let keyboard: Keyboard;

beforeAll(async () => {
  for (const name of [MODEL, 'digits-5-9']) {
    cpSync(path.join(repository, 'samples', name), path.join(workspace, name), { recursive: true });
  }
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  keyboard = new Keyboard(workbench.page);
  await workbench.setTheme('dark');
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

const press = (...keys: readonly string[]) => keyboard.press(...keys);

/** The frame of a webview, which can be asked for more than what is in it. */
async function frameOf(inside: FrameLocator): Promise<Frame> {
  const frame = await (await inside.locator('body').elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the webview has no frame');
  return frame;
}

describe('by keyboard alone', () => {
  it('a model is opened from the Explorer with Fine-tune', async () => {
    const { page } = workbench;
    await press('Control+Shift+e');
    const focused = page.locator('.explorer-folders-view .monaco-list-row.focused');
    await expect
      .poll(async () => {
        await press('ArrowDown');
        return focused.first().innerText();
      })
      .toBe(MODEL);
    await press('Shift+F10');
    const item = page.locator('.monaco-menu .action-item.focused');
    await page.locator('.monaco-menu .action-item', { hasText: 'Fine-tune' }).first().waitFor();
    await expect
      .poll(async () => {
        await press('ArrowDown');
        return (await item.first().innerText()).trim();
      })
      .toBe('Fine-tune');
    await press('Enter');
    const editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(17);
  });

  it('it is frozen, and trained', async () => {
    const editor = await EditorPage.inFront(workbench);
    const frame = await frameOf(editor.frame);
    await press('Control+f');
    await editor.frame.locator('.search vscode-text-field:focus').waitFor();
    await keyboard.type('flatten');
    await editor.frame.locator('.layer[data-selected] [title="flatten"]').first().waitFor();
    await press('Escape', 'Shift+F');
    await expect.poll(() => editor.total('Frozen')).toBeGreaterThan(0);
    await keyboard.command('Model Surgery: Train…');
    await editor.frame.locator('[role=dialog]:focus, [role=dialog]:has(:focus)').waitFor();
    await tabTo(workbench.page, 'Epochs', { frame });
    await press('Control+a');
    await keyboard.type('1000000');
    // Where the images are is found meanwhile.
    await editor.frame.locator('.train-start:not([disabled])').waitFor();
    await tabTo(workbench.page, 'Start training', { frame });
    await press('Enter');
    const panel = await RunsPage.inFront(workbench);
    await panel.expectTraining(1_000_000);
    await panel.expectSteps(0);
  });

  it('its run is paused, goes on, and is stopped', async () => {
    const panel = await RunsPage.inFront(workbench);
    const frame = await frameOf(panel.frame);
    const [name = ''] = readdirSync(runs).filter((each) => !each.startsWith('.'));
    const has = (type: string) =>
      expect
        .poll(
          async () => (await readRun(path.join(runs, name))).events.some((event) => event.type === type),
          {
            timeout: 60_000,
          },
        )
        .toBe(true);
    await keyboard.command('View: Focus into Panel');
    await tabTo(workbench.page, 'Pause after this step', { frame });
    await press('Enter');
    await has('paused');
    const goOn = panel.frame.getByRole('button', { name: 'Go on with the run', exact: true });
    await goOn.waitFor({ timeout: 60_000 });
    await press('Enter');
    await has('resumed');
    await tabTo(workbench.page, /^Stop$/, { frame });
    await press('Enter');
    await panel.expectOutcome(/^Stopped in epoch/, 60_000);
    expect(existsSync(path.join(runs, name, 'model'))).toBe(true);
  });
});

describe.each(['dark', 'light', 'contrast-dark', 'contrast-light'] as const)('in %s', (theme) => {
  it('nothing of the editor and the run panel is left unsaid, too faint, or moving', async () => {
    await workbench.setTheme(theme);
    const editor = await EditorPage.inFront(workbench);
    const panel = await RunsPage.inFront(workbench);
    for (const [part, { frame }] of [
      ['editor', editor],
      ['panel', panel],
    ] as const) {
      const page = await frameOf(frame);
      // Behind a page is what VS Code paints there, of which the page itself knows nothing.
      const behind = await workbench.page
        .locator(`.part.${part}`)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
      await page.evaluate((colour) => void (document.documentElement.style.background = colour), behind);
      expect(await axeFindings(page)).toEqual([]);
      expect(await motions(page)).toEqual([]);
    }
    await workbench.screenshot(`vscode-accessibility-${theme}`);
  });
});

it('at 200 % all of the editor, and then all of the run panel, can be reached', async () => {
  const { page } = workbench;
  await workbench.setTheme('dark');
  await workbench.quickCommand('View: Hide Panel');
  await workbench.quickCommand('View: Close Primary Side Bar');
  const size = page.viewportSize();
  await page.setViewportSize(ZOOMED);
  try {
    const editor = await EditorPage.inFront(workbench);
    await workbench.screenshot('vscode-zoomed-editor');
    expect(await outOfReach(await frameOf(editor.frame))).toEqual([]);
    await workbench.quickCommand('Model Surgery: Show Runs');
    const panel = await RunsPage.inFront(workbench);
    await workbench.quickCommand('View: Toggle Maximized Panel');
    await workbench.screenshot('vscode-zoomed-runs');
    expect(await outOfReach(await frameOf(panel.frame))).toEqual([]);
  } finally {
    if (size) await page.setViewportSize(size);
  }
});

it('its walkthrough is read in the welcome page', async () => {
  const { page } = workbench;
  await workbench.quickCommand('Welcome: Open Walkthrough...');
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Model Surgery' }).first();
  await row.click();
  await page.getByText('Get started with Model Surgery').first().waitFor();
  await page.getByText('Open a model', { exact: true }).first().waitFor();
  await workbench.webview('svg');
  await workbench.screenshot('vscode-walkthrough');
});
