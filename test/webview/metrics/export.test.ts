import { Buffer } from 'node:buffer';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { repository } from '../../support/python';
import { panels, type Panel } from './openPanel';
import { runView, trainingEvents } from './trainingRun';

const openOn = panels();
const TAB = { width: 1180, height: 860 } as const;
const run = () => runView({ id: '/runs/3', status: 'finished' });
const events = (): RunEvent[] => {
  const shape = { epochs: 12, stepsPerEpoch: 47, epochsDone: 12, top5: true, until: Date.now() };
  const all = trainingEvents(shape);
  const at = { time: Date.now(), epoch: 8, step: 376 };
  const asked: RunEvent = { type: 'checkpoint', ...at, folder: 'checkpoints/asked', reason: 'asked' };
  const phase: RunEvent = { type: 'phase', time: 0, phase: 1, epoch: 7, trainableLayers: 8, frozenLayers: 3 };
  const from = (epoch: number) => all.findIndex((event) => event.type === 'step' && event.epoch === epoch);
  return [
    ...all.slice(0, from(7)),
    phase,
    ...all.slice(from(7), from(9)),
    asked,
    ...all.slice(from(9)),
    { type: 'end', status: 'finished', time: Date.now(), model: ['model/model.h5'] },
  ];
};

const more = (panel: Panel, title: string) =>
  panel.page.getByRole('button', { name: `${title}: more`, exact: true });
const item = (panel: Panel, name: string) => panel.page.getByRole('menuitem', { name, exact: true });

/** Leaves a picture where people look at those of the tests. */
function keep(name: string, bytes: Buffer | string): void {
  const folder = path.join(repository, '.cache/artifacts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), bytes);
}

describe('a chart', () => {
  it.each(['dark', 'light', 'contrast'] as const)('is saved as SVG, in the colours of %s', async (theme) => {
    const panel = await openOn(run(), events(), { ...TAB, theme });
    await more(panel, 'Loss').click();
    await panel.page.getByRole('menu').waitFor();
    await panel.screenshot(`panel-chart-menu-${theme}`);
    expect(await panel.accessibilityFindings()).toEqual([]);
    await item(panel, 'Save as SVG…').click();
    const saved = await panel.nextPost('saveChart');
    expect(saved).toMatchObject({ id: '/runs/3', metric: 'loss', extension: 'svg' });
    keep(`chart-${theme}.png`, await sharp(Buffer.from(saved.content)).png().toBuffer());
    for (const words of ['Loss', 'digits-0-4', 'Step', 'Validation', 'Phase 2', 'checkpoint'])
      expect(saved.content).toContain(`>${words}</text>`);
    // The theme's own colours, and no notation that only browsers know.
    const blue = { dark: '#59a4f9', light: '#0063d3', contrast: '#3794ff' }[theme];
    expect(saved.content).toContain(`stroke="${blue}"`);
    expect(saved.content).not.toMatch(/var\(|color\(|rgb/);
  });

  it('is saved with the stretch, the axis and the scale that it has', async () => {
    const panel = await openOn(run(), events(), TAB);
    const chart = panel.page.getByRole('slider', { name: 'Loss by step' });
    await panel.page.locator('.chart[aria-label="Loss"] .log-toggle').click();
    await panel.page.getByRole('button', { name: 'Epoch', exact: true }).click();
    await chart.focus();
    await chart.press('+');
    await chart.click({ button: 'right' });
    await item(panel, 'Save as SVG…').click();
    const { content } = await panel.nextPost('saveChart');
    expect(content).toContain('>Epoch</text>');
    expect(content).not.toContain('>Step</text>');
    // Zoomed to the middle half: epochs 3 to 9 of 12.
    const labels = [...content.matchAll(/text-anchor="middle">(\d+)<\/text>/g)].map(([, label]) => label);
    expect(labels).toEqual(['3', '4', '5', '6', '7', '8', '9']);
    await chart.click({ button: 'right' });
    await item(panel, 'Show the Whole Run').click();
    await expect.poll(() => panel.page.getByRole('button', { name: 'Show the whole run' }).count()).toBe(0);
  });

  it('is saved as PNG, at two pixels a pixel', async () => {
    const panel = await openOn(run(), events(), TAB);
    await more(panel, 'Top-5 accuracy').click();
    await item(panel, 'Save as PNG…').click();
    const { metric, extension, content } = await panel.nextPost('saveChart');
    expect([metric, extension]).toEqual(['top5', 'png']);
    const { width, height, format } = await sharp(Buffer.from(content, 'base64')).metadata();
    expect([format, width, height]).toEqual(['png', 1600, 840]);
  });

  it('is copied as PNG, by keyboard alone', async () => {
    const panel = await openOn(run(), events(), TAB);
    await panel.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await more(panel, 'Loss').focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('End');
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.chart-told', { hasText: 'Copied' }).waitFor();
    expect(await more(panel, 'Loss').evaluate((button) => button === document.activeElement)).toBe(true);
    const types = await panel.page.evaluate(async () => (await navigator.clipboard.read())[0]?.types);
    expect(types).toContain('image/png');
    // What was told goes with the next thing that somebody does.
    await panel.page.keyboard.press('Shift');
    await expect.poll(() => panel.page.locator('.chart-told').count()).toBe(0);
  });

  it('says that the clipboard refused, and what else can be done', async () => {
    const panel = await openOn(run(), events(), TAB);
    await panel.page.evaluate(() => {
      navigator.clipboard.write = () => Promise.reject(new Error('no'));
    });
    await more(panel, 'Loss').click();
    await item(panel, 'Copy as PNG').click();
    await panel.page.locator('.chart-told', { hasText: 'Save it as PNG' }).waitFor();
  });

  it('without a point cannot be saved, and says so', async () => {
    const panel = await openOn(runView({ id: '/runs/3', status: 'starting' }), [], TAB);
    await more(panel, 'Loss').click();
    for (const name of ['Save as SVG…', 'Save as PNG…', 'Copy as PNG']) {
      expect(await item(panel, name).getAttribute('aria-disabled')).toBe('true');
      expect(await item(panel, name).getAttribute('title')).toBe('There is no point to draw yet');
    }
    await panel.page.keyboard.press('Escape');
    expect(await panel.page.getByRole('menu').count()).toBe(0);
  });
});

describe('a run', () => {
  const menu = (panel: Panel) => panel.page.getByRole('button', { name: 'Export the run', exact: true });

  it.each([
    ['Report with Pictures…', 'exportReport'],
    ['Metrics as CSV…', 'exportMetrics'],
    ['Model…', 'exportModel'],
  ] as const)('is asked for as a file: %s', async (name, type) => {
    const panel = await openOn(run(), events(), TAB);
    await menu(panel).click();
    await item(panel, name).click();
    expect(await panel.postsOf(type)).toEqual([{ type, id: '/runs/3' }]);
    expect(await menu(panel).evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('has no model before it ends, and no metrics before it measures', async () => {
    const panel = await openOn(runView({ id: '/runs/3', status: 'starting' }), [], TAB);
    await menu(panel).click();
    expect(await item(panel, 'Model…').getAttribute('aria-disabled')).toBe('true');
    expect(await item(panel, 'Metrics as CSV…').getAttribute('aria-disabled')).toBe('true');
    await menu(panel).click();
    expect(await panel.page.getByRole('menu').count()).toBe(0);
  });
});
