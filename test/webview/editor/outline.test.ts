import { describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { architecture } from '../../support/architectures';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { longNet, residualNet } from '../support/models';

const pages = editorPages();

async function open(
  graph: LayerGraph = architecture('ResNet50'),
  options: OpenOptions = { width: 1440, height: 900 },
): Promise<EditorSession> {
  return pages.open(new EditorHost(graph, `${graph.name}.h5`), options);
}

const titles = ({ page }: EditorSession) => page.locator('.box .layer-kind').allTextContents();
const box = ({ page }: EditorSession, title: string) =>
  page.locator('.react-flow__node-box').filter({ has: page.locator(`.layer-kind[title="${title}"]`) });
const frame = ({ page }: EditorSession, title: string) =>
  page.locator('.react-flow__node-frame').filter({ has: page.locator(`.frame-name[title="${title}"]`) });

describe('a deep model', () => {
  test('opens collapsed to its stages, in every theme', async () => {
    for (const theme of ['dark', 'light', 'contrast'] as const) {
      const opened = await open(undefined, { theme, width: 1440, height: 900 });
      expect(await titles(opened)).toEqual(['Stage 2', 'Stage 3', 'Stage 4', 'Stage 5', 'Stage 6']);
      await opened.view.screenshot(`outline-collapsed-${theme}`);
      await box(opened, 'Stage 4').dblclick();
      await frame(opened, 'Stage 4').waitFor();
      await opened.view.screenshot(`outline-stage-${theme}`);
      expect(await opened.view.accessibilityFindings()).toEqual([]);
      expect(await opened.view.complaints()).toEqual([]);
    }
  });

  test('says of a stage what is in it', async () => {
    const { page } = await open();
    const said = /^Stage 4, 8×8 · 4 blocks, 42 layers, output 8×8×\d+, [\d,]+ parameters, collapsed/;
    expect(await page.getByRole('button', { name: said }).count()).toBe(1);
  });

  test('opens a box where it stands, and closes it there', async () => {
    const opened = await open();
    const before = await box(opened, 'Stage 3').boundingBox();
    await box(opened, 'Stage 3').locator('.box-open').click();
    const title = await frame(opened, 'Stage 3').boundingBox();
    expect(Math.abs((title?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    expect(await titles(opened)).toContain('conv2_block1');
    await opened.page.getByRole('button', { name: 'Collapse Stage 3' }).click();
    const after = await box(opened, 'Stage 3').boundingBox();
    expect(Math.abs((after?.x ?? 0) - (before?.x ?? 0))).toBeLessThan(2);
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
  });

  test('opens and closes by keyboard, and is walked through', async () => {
    const opened = await open();
    const { page } = opened;
    await box(opened, 'Stage 3').click();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: '42 layers' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await frame(opened, 'Stage 4').waitFor();
    await page.keyboard.press('ArrowLeft');
    await box(opened, 'Stage 4').waitFor();
    await page.keyboard.press('Enter');
    await frame(opened, 'Stage 4').waitFor();
    await page.keyboard.press('Shift+Enter');
    await box(opened, 'Stage 4').waitFor();
    expect(await frame(opened, 'Stage 4').count()).toBe(0);
  });

  test('closes a box from the inside where it can be seen', async () => {
    const opened = await open();
    const { page } = opened;
    await page.keyboard.press('Control+f');
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await page.keyboard.type('conv5_block3_add');
    await opened.card('conv5_block3_add').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Enter');
    await box(opened, 'conv5_block3').waitFor();
    const place = await box(opened, 'conv5_block3').boundingBox();
    const canvas = await page.locator('.canvas').boundingBox();
    expect(place?.y).toBeGreaterThan(canvas?.y ?? 0);
    expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThan((canvas?.y ?? 0) + (canvas?.height ?? 0));
  });

  test('is acted on box by box', async () => {
    const opened = await open();
    await box(opened, 'Stage 2').click();
    await opened.page.keyboard.press('f');
    const [edit] = await opened.edits();
    expect(edit).toMatchObject({
      type: 'freeze',
      rules: [{ match: { names: expect.arrayContaining(['conv1_conv']) as unknown } }],
    });
    await opened.settle();
    await box(opened, 'Stage 2').locator('.layer-lock').waitFor();
    await box(opened, 'Stage 3').click();
    await opened.page.keyboard.press('ArrowRight');
    await box(opened, 'conv2_block1').click();
    await opened.page.keyboard.press('f');
    await opened.settle();
    await opened.page.getByRole('button', { name: 'Collapse Stage 3' }).click();
    await box(opened, 'Stage 3').locator('.box-mixed').waitFor();
  });

  test('opens what hides a layer that is searched for', async () => {
    const opened = await open();
    await opened.page.keyboard.press('Control+f');
    await opened.page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await opened.page.keyboard.type('conv5_block3_add');
    await opened.card('conv5_block3_add').waitFor();
    expect(await opened.selected()).toEqual(['conv5_block3_add']);
    const crumbs = opened.page.getByRole('navigation', { name: 'Where the selection is' });
    expect(await crumbs.locator('.crumb').allTextContents()).toEqual([
      'resnet50',
      'Stage 6',
      'conv5_block2–3',
      'conv5_block3',
      'conv5_block3_add',
    ]);
    await opened.view.screenshot('outline-crumbs');
    await crumbs.getByRole('button', { name: 'conv5_block3', exact: true }).click();
    await opened.page.getByRole('heading', { name: '10 layers' }).waitFor();
  });

  test('names a model once whose only group is called as it is', async () => {
    const graph = residualNet([2, 2, 2]);
    const layers = graph.layers.map((layer) => ({
      ...layer,
      group: layer.name === 'images' ? [] : [graph.name],
    }));
    const { page, settle, card } = await pages.open(new EditorHost({ ...graph, layers }));
    await card('conv1_conv').click();
    await settle();
    const crumbs = page.getByRole('navigation', { name: 'Where the selection is' }).locator('.crumb');
    expect((await crumbs.allTextContents()).filter((name) => name === graph.name)).toHaveLength(1);
  });

  test('is expanded and collapsed as a whole, by command too', async () => {
    const opened = await open();
    await opened.view.send({ type: 'command', command: 'expandAll' });
    await frame(opened, 'Stage 2').waitFor();
    expect(await opened.page.locator('.react-flow__node-box').count()).toBe(0);
    await opened.view.send({ type: 'command', command: 'collapseAll' });
    await box(opened, 'Stage 2').waitFor();
    expect(await opened.page.locator('.react-flow__node-frame').count()).toBe(0);
  });

  test('is drawn from left to right, and remembers that', async () => {
    const opened = await open();
    await opened.page.getByRole('button', { name: 'Draw from left to right' }).click();
    await opened.page.getByRole('button', { name: 'Fit the graph' }).click();
    const [first, second] = [
      await box(opened, 'Stage 2').boundingBox(),
      await box(opened, 'Stage 3').boundingBox(),
    ];
    expect(first?.y).toBeCloseTo(second?.y ?? 0, 0);
    expect(second?.x).toBeGreaterThan((first?.x ?? 0) + (first?.width ?? 0));
    await box(opened, 'Stage 2').click();
    await opened.page.keyboard.press('ArrowRight');
    await opened.page
      .getByRole('heading', { name: '32 layers' })
      .or(opened.page.getByRole('heading', { name: '33 layers' }))
      .waitFor();
    await opened.page.keyboard.press('Enter');
    await frame(opened, 'Stage 3').waitFor();
    await opened.page.getByRole('button', { name: 'Fit the graph' }).click();
    await opened.view.screenshot('outline-right');
  });

  test('shows the path between two layers', async () => {
    const opened = await open();
    await box(opened, 'Stage 3').dblclick();
    await box(opened, 'conv2_block1').dblclick();
    await opened.page.getByRole('button', { name: 'Zoom to the selection' }).click();
    await opened.card('conv2_block1_1_conv').click();
    await opened.card('conv2_block1_1_relu').click({ modifiers: ['Control'] });
    await opened.page.keyboard.press('p');
    await opened.page.locator('.layer[data-highlight="hit"]').first().waitFor();
    const lit = await opened.page
      .locator('.layer[data-highlight="hit"] .layer-name > [title]')
      .allTextContents();
    expect(lit).toEqual(['conv2_block1_1_conv', 'conv2_block1_1_bn', 'conv2_block1_1_relu']);
    await opened.view.screenshot('outline-path');
    await opened.page.keyboard.press('Escape');
    expect(await opened.page.locator('.layer[data-highlight]').count()).toBe(0);
  });
});

describe('ten thousand layers', () => {
  test('mount at most three hundred elements of the graph, whatever the zoom', async () => {
    const opened = await open(longNet(10_000));
    const { page } = opened;
    const mounted = () => page.locator('.react-flow__node, .react-flow__edge').count();
    expect(await mounted()).toBeLessThan(20);
    await page.getByRole('button', { name: 'Expand all' }).click();
    await page.locator('.react-flow__node-layer').first().waitFor();
    expect(await mounted()).toBeLessThanOrEqual(300);
    for (let step = 0; step < 10; step++) {
      await page.getByRole('button', { name: 'Zoom out' }).click();
      await opened.settle();
      expect(await mounted()).toBeLessThanOrEqual(300);
    }
    await page.getByRole('button', { name: 'Fit the graph' }).click();
    await page.locator('.overview').waitFor();
    expect(await mounted()).toBe(0);
    await opened.view.screenshot('outline-overview');
    // A card that is painted is selected as one that is mounted.
    const area = await page.locator('.overview').boundingBox();
    await page.mouse.click((area?.x ?? 0) + (area?.width ?? 0) / 2, (area?.y ?? 0) + 40);
    expect(await opened.view.complaints()).toEqual([]);
  });
});
