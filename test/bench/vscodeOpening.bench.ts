import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openTestbed, openWorkbench, type Workbench } from '../vscode/support/workbench';
import { resNet101 } from './kerasModels';

export default 'vscodeOpening';

/** Without a real VS Code it cannot run. */
export const needsTestbed = true;

const RUNS = 7;
const BUDGET = { opening: 700, webview: 350 };

/** Milliseconds of the clock. */
interface Opening {
  readonly key: number;
  readonly script: number;
  readonly model: number;
  readonly painted: number;
}

/**
 * From the key that opens ResNet101 (344 layers, `.h5`) in the Explorer of a real VS Code to its first node painted,
 * medians of seven. The webview's own part begins with its script; VS Code's part is a webview's frames and the reading
 * of the script, with the model's file read meanwhile.
 */
export async function run(): Promise<Record<string, number>> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'opening-'));
  const workspace = path.join(root, 'workspace');
  mkdirSync(workspace);
  cpSync(await resNet101(), path.join(workspace, 'model.h5'));
  const testbed = await openTestbed({ workspace });
  const workbench = await openWorkbench(testbed);
  try {
    await workbench.page.evaluate(() => {
      const note = ({ key }: KeyboardEvent) => {
        if (key === 'Enter') Object.assign(window, { openedAt: performance.timeOrigin + performance.now() });
      };
      window.addEventListener('keydown', note, true);
    });
    const first = await open(workbench);
    const openings: Opening[] = [];
    for (let count = 0; count < RUNS; count++) openings.push(await open(workbench));
    const median = (part: (opening: Opening) => number) =>
      openings.map(part).sort((a, b) => a - b)[RUNS >> 1] ?? NaN;
    const whole = median(({ key, painted }) => painted - key);
    const own = median(({ script, painted }) => painted - script);
    return {
      'key to first node painted, ms': whole,
      [`key to first node painted / ${BUDGET.opening} ms allowed`]: whole / BUDGET.opening,
      'the webview from its script on, ms': own,
      [`the webview from its script on / ${BUDGET.webview} ms allowed`]: own / BUDGET.webview,
      'the webview from the model on, ms': median(({ model, painted }) => painted - model),
      'the first opening of a window, ms': first.painted - first.key,
    };
  } finally {
    await workbench.close();
    await testbed.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Opens the only file of the folder by the keyboard, and closes it again. */
async function open({ page, webview, quickCommand }: Workbench): Promise<Opening> {
  await focusFile(page);
  const key = page.keyboard.press('Enter');
  const frame = await webview('.react-flow__node');
  await key;
  const marks = await frame.locator('body').evaluate(async () => {
    const at = (name: string) => performance.getEntriesByName(name)[0];
    while (!at('editor:painted')) await new Promise((next) => requestAnimationFrame(next));
    const [script, model, painted] = ['script', 'model', 'painted'].map(
      (name) => performance.timeOrigin + (at(`editor:${name}`)?.startTime ?? NaN),
    );
    return { script, model, painted };
  });
  const openedAt = await page.evaluate(() => (window as unknown as { openedAt: number }).openedAt);
  await quickCommand('View: Close All Editors');
  await page.locator('iframe.webview.ready:visible').waitFor({ state: 'detached' });
  const { script = NaN, model = NaN, painted = NaN } = marks;
  return { key: openedAt, script, model, painted };
}

/** The file of the Explorer has the focus and is not opened by that. */
async function focusFile(page: Page): Promise<void> {
  await page.keyboard.press('Control+Shift+E');
  await page.keyboard.press('Home');
  await page.locator('.explorer-folders-view .monaco-list-row.focused', { hasText: 'model.h5' }).waitFor();
  // What closing the last editor set off is over.
  await page.waitForTimeout(500);
}
