import { setTimeout as delay } from 'node:timers/promises';
import type { FrameLocator } from 'playwright-core';
import type { Workbench } from '../vscode/support/workbench';

/** Edits of the sample that can be counted by what the page shows. */

export const MODEL = 'digits-0-4.h5';

/** Parameters of layers: no two numbers of edits come to the same sum. */
const LAYERS = [
  ['block1a_conv', 144],
  ['block1b_conv', 2304],
  ['block2_conv', 4608],
  ['hidden', 100_416],
  ['predictions', 325],
] as const;

/** After so many edits the model is as it was before the first. */
export const CYCLE = 2 * LAYERS.length;

/** For what comes sooner or later: machines are busy. */
export const PATIENCE_MS = 300_000;

export async function openEditor(workbench: Workbench): Promise<FrameLocator> {
  await workbench.openFile(MODEL);
  const frame = await workbench.webview('.header .header-title', PATIENCE_MS);
  await frame.locator('.layer').first().waitFor({ timeout: PATIENCE_MS });
  return frame;
}

/** Freezes the layers one after the other, then lets them go so; does not wait until that is shown. @param count edits before */
export async function edit(frame: FrameLocator, count: number): Promise<void> {
  const [name] = LAYERS[count % LAYERS.length]!;
  const field = frame.locator('.search input');
  await field.fill(name);
  const layer = frame.locator('.layer').filter({ has: frame.getByText(name, { exact: true }) });
  await layer
    .locator('[data-selected]')
    .or(layer.and(frame.locator('[data-selected]')))
    .first()
    .waitFor();
  await field.press('Escape');
  const isFrozen = Math.floor(count / LAYERS.length) % 2 === 1;
  await frame.locator(`.action[data-action="${isFrozen ? 'unfreeze' : 'freeze'}"]`).click();
}

/** @returns which of these numbers of edits is shown, once one of them is */
export async function shown(frame: FrameLocator, expected: readonly number[]): Promise<number> {
  let parameters = 0;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await delay(100)) {
    parameters = await frozenIn(frame);
    const found = expected.find((count) => frozenAfter(count) === parameters);
    if (found !== undefined) return found;
  }
  throw new Error(
    `${parameters} frozen parameters are shown, expected ${expected.map((count) => `${frozenAfter(count)} of ${count} edits`).join(' or ')}`,
  );
}

async function frozenIn(frame: FrameLocator): Promise<number> {
  const row = frame.locator('.total').filter({ hasText: 'Frozen' });
  return Number((await row.locator('dd').innerText()).replace(/\D/g, ''));
}

function frozenAfter(count: number): number {
  const rest = count % CYCLE;
  return LAYERS.reduce((sum, [, parameters], index) => {
    const isFrozen = rest > index && rest <= index + LAYERS.length;
    return sum + (isFrozen ? parameters : 0);
  }, 0);
}
