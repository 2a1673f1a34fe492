import { writeFile } from 'node:fs/promises';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { longNet, residualNet } from '../support/models';
import { repository } from '../../support/python';

const pages = editorPages();

async function openDialog(graph = residualNet([1]), options?: OpenOptions) {
  const host = new EditorHost(graph);
  const session = await pages.open(host, options);
  const { page, view, settle } = session;
  await view.send({ type: 'command', command: 'exportPicture' });
  const dialog = page.getByRole('dialog', { name: 'Export picture' });
  await dialog.waitFor();
  const choose = async (place: number, name: string) => {
    await dialog.locator('vscode-dropdown').nth(place).click();
    await dialog
      .locator('vscode-dropdown')
      .nth(place)
      .locator('vscode-option')
      .filter({ hasText: name })
      .click();
    await settle();
  };
  const save = async () => {
    await dialog.getByText('Save as…').click();
    return view.nextPost('saveFile');
  };
  return { ...session, host, dialog, choose, save, page, view };
}

const HOSTILE = '<img onerror=alert(1)>&"';

test('the SVG is XML that holds every drawn layer as text, in colours of the theme', async () => {
  const graph = residualNet([1]);
  const layers = graph.layers.map((layer, place) => (place === 1 ? { ...layer, name: HOSTILE } : layer));
  const { page, save, host } = await openDialog({ ...graph, layers });
  const { of, extension, content } = await save();
  expect([of, extension]).toEqual(['picture', 'svg']);
  const read = await page.evaluate((svg) => {
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    return {
      errors: parsed.querySelectorAll('parsererror').length,
      titles: [...parsed.querySelectorAll('g > title')].map(({ textContent }) => textContent),
      texts: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
      elements: [...new Set([...parsed.querySelectorAll('*')].map(({ localName }) => localName))],
      background: parsed.querySelector('svg > rect')?.getAttribute('fill'),
    };
  }, content);
  expect(read.errors).toBe(0);
  expect(read.titles.sort()).toEqual(host.graph.layers.map(({ name }) => name).sort());
  expect(read.texts).toContain('conv1_bn');
  expect(read.elements).not.toContain('img');
  expect(read.elements).not.toContain('foreignObject');
  expect(read.background).toBe('#1f1f1f');
  expect(content).not.toMatch(/var\(|color\(|NaN/);
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

test('the PNG has twice the size that is said of the SVG, and is not blank', async () => {
  const { choose, save, dialog, view } = await openDialog();
  await choose(1, 'PNG');
  const said = await dialog.locator('.picture-size').textContent();
  const [, width, height] = /^([\d,]+) × ([\d,]+) pixels/.exec(said ?? '') ?? [];
  const { extension, content } = await save();
  expect(extension).toBe('png');
  const image = sharp(Buffer.from(content, 'base64'));
  const metadata = await image.metadata();
  expect([metadata.width, metadata.height].map((size) => size.toLocaleString('en-US'))).toEqual([
    width,
    height,
  ]);
  const { channels } = await image.stats();
  // Text, lines and stripes of several colours on one background.
  for (const { stdev } of channels.slice(0, 3)) expect(stdev).toBeGreaterThan(3);
  const folder = path.join(repository, '.cache/artifacts');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'picture.png'), Buffer.from(content, 'base64'));
  expect(await view.accessibilityFindings()).toEqual([]);
});

test('of a selection draws that alone', async () => {
  const { page, card, choose, save, dialog, view } = await openDialog();
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog.count()).toBe(0);
  await card('conv1_bn').click();
  await view.send({ type: 'command', command: 'exportPicture' });
  await choose(0, '1 selected layer');
  const { content } = await save();
  expect(content).toContain('<title>conv1_bn</title>');
  expect(content).not.toContain('conv1_conv');
});

test('what is too large for a PNG says so, and is saved as SVG', async () => {
  const { page, choose, dialog, save } = await openDialog(longNet(300));
  await page.getByRole('button', { name: 'Expand all' }).click();
  await choose(1, 'PNG');
  await dialog.getByText(/the most is 16,384 on a side/).waitFor();
  expect(await dialog.locator('vscode-button').getAttribute('disabled')).not.toBeNull();
  await choose(1, 'SVG');
  expect((await save()).content.match(/<g transform="translate/g)?.length).toBeGreaterThan(300);
});

test('looks at home in every theme', async () => {
  for (const theme of ['dark', 'light', 'contrast'] as const) {
    const { view } = await openDialog(residualNet([1]), { theme });
    expect(await view.accessibilityFindings()).toEqual([]);
    await view.screenshot(`picture-dialog-${theme}`);
    expect(await view.complaints()).toEqual([]);
  }
});
