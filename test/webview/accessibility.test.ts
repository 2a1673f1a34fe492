import { describe, expect, it } from 'vitest';
import { EditorHost } from './support/editorHost';
import { editorPages } from './support/editorPages';
import { residualNet } from './support/models';
import { motions, outOfReach, tabTo } from '../support/reach';
import { panels } from './metrics/openPanel';
import { runView, trainingEvents } from './metrics/trainingRun';

/** What people need who use a keyboard alone, a screen of twice the size, less motion or more contrast. */

const pages = editorPages();
const openPanel = panels();

/** 1280 x 800 at 200 %. */
const ZOOMED = { width: 640, height: 400 } as const;
/** Commands that open a sheet where a convolution is selected. */
const SHEETS = [
  ...(['graftHead', 'train', 'insertLayer', 'replaceLayer', 'graftFrom'] as const),
  ...(['warmStart', 'inputShape', 'exportPicture', 'shortcuts', 'advise'] as const),
] as const;
const CONTRASTS = ['contrast', 'contrastLight'] as const;
const running = () =>
  trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 7, stepsMore: 20, until: Date.now() });
const complete = () => trainingEvents({ epochs: 12, stepsPerEpoch: 47, epochsDone: 12, until: Date.now() });

describe('by keyboard alone', () => {
  it('a model is cut, given a head, frozen, and trained', async () => {
    const host = new EditorHost(residualNet([1, 1], 5));
    const { view, page, settle, edits } = await pages.open(host);
    await page.keyboard.press('Control+f');
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await page.keyboard.type('conv2_block1_out');
    await page.locator('.layer[data-selected] [title="conv2_block1_out"]').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await settle();
    await page.keyboard.press('F');
    await settle();
    await page.keyboard.press('g');
    await settle();
    const graft = page.getByRole('dialog', { name: 'Graft a head' });
    await graft.waitFor();
    await tabTo(page, 'Classes');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('5');
    await settle();
    await tabTo(page, /^Graft$/);
    await page.keyboard.press('Enter');
    await settle();
    await graft.waitFor({ state: 'detached' });
    expect(host.recipe.operations.map(({ op }) => op)).toEqual(['cut', 'append']);
    expect(await edits()).toHaveLength(3);
    await tabTo(page, 'Train…');
    await page.keyboard.press('Enter');
    await settle();
    const train = page.getByRole('dialog', { name: 'Train' });
    await train.waitFor();
    await tabTo(page, 'Browse…');
    await page.keyboard.press('Enter');
    await settle();
    await train.locator('.train-start:not([disabled])').waitFor();
    await tabTo(page, 'Start training');
    await page.keyboard.press('Enter');
    await view.nextPost('train');
  });

  it('a run is looked at and stopped', async () => {
    const panel = await openPanel(runView({ id: '/runs/3', status: 'running' }), running(), {
      width: 1100,
      height: 250,
    });
    await tabTo(panel.page, 'Loss by step');
    await panel.page.keyboard.press('Home');
    await panel.page.keyboard.press('Escape');
    await panel.page.locator('[role=tab]').first().focus();
    await tabTo(panel.page, 'Stop');
    await panel.page.keyboard.press('Enter');
    await panel.nextPost('stop');
    await panel.page.getByText('Stopping').first().waitFor();
    expect(await motions(panel.page)).toEqual([]);
  });
});

describe('at 200 %', () => {
  it('an editor and its sheets lose nothing', async () => {
    const { view, page, settle, card } = await pages.open(new EditorHost(residualNet([1, 1], 5)), ZOOMED);
    await card('conv1_conv').click();
    await settle();
    await view.screenshot('zoomed-editor');
    const layers = await page.locator('.totals-layers').boundingBox();
    expect((layers?.x ?? NaN) + (layers?.width ?? NaN)).toBeLessThanOrEqual(ZOOMED.width);
    expect(await outOfReach(page)).toEqual([]);
    // Of such a window the editor has the smaller part.
    await page.setViewportSize({ ...ZOOMED, height: 300 });
    await settle();
    expect(await outOfReach(page)).toEqual([]);
    await view.screenshot('zoomed-editor-low');
    await page.setViewportSize(ZOOMED);
    await settle();
    for (const command of SHEETS) {
      await view.send({ type: 'command', command });
      await settle();
      await page.getByRole('dialog').waitFor();
      await view.screenshot(`zoomed-${command}`);
      expect(await outOfReach(page, '[role=dialog]')).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect(await motions(page)).toEqual([]);
  });

  it.each(['running', 'finished'] as const)('a %s run loses nothing', async (status) => {
    const events = status === 'running' ? running() : complete();
    const panel = await openPanel(runView({ id: '/runs/3', status }), events, ZOOMED);
    await panel.screenshot(`zoomed-${status}`);
    expect(await outOfReach(panel.page)).toEqual([]);
    await panel.page.getByRole('group', { name: 'What the charts run along' }).waitFor();
    await panel.page.getByRole('slider', { name: 'Smoothing' }).waitFor();
    const wide = () => panel.page.evaluate(() => document.documentElement.scrollWidth);
    expect(await wide()).toBe(ZOOMED.width);
    // Beside the activity bar, and a little wider, where there is more in a row.
    for (const width of [664, 770, 870]) {
      await panel.page.setViewportSize({ width, height: 300 });
      await panel.screenshot(`zoomed-${status}-${width}`);
      expect(await outOfReach(panel.page), `${width} wide`).toEqual([]);
      expect(await wide()).toBe(width);
    }
  });
});

describe.each(CONTRASTS)('in high contrast: %s', (theme) => {
  it('an editor, its sheets and a run have no serious finding', async () => {
    const host = new EditorHost(residualNet([1, 1], 5));
    const { view, page, settle, card } = await pages.open(host, { theme });
    await card('conv1_conv').click();
    await settle();
    await view.screenshot(`high-${theme}-editor`);
    expect(await view.accessibilityFindings()).toEqual([]);
    for (const command of SHEETS) {
      await view.send({ type: 'command', command });
      await settle();
      await page.getByRole('dialog').waitFor();
      await view.screenshot(`high-${theme}-${command}`);
      expect(await view.accessibilityFindings()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    const run = runView({ id: '/runs/3', status: 'running' });
    const panel = await openPanel(run, running(), { width: 1100, height: 700, theme });
    await panel.screenshot(`high-${theme}-run`);
    expect(await panel.accessibilityFindings()).toEqual([]);
  });
});
