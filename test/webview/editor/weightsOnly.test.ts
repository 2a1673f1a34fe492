import { describe, expect, test } from 'vitest';
import { weightsOnlyFault } from '../../../src/formats/weightsOnly';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { residualNet, stateDict } from '../support/models';

const pages = editorPages();

function openWeights(options?: OpenOptions): Promise<EditorSession> {
  return pages.open(new EditorHost(stateDict(), 'resnet50.pt', 'PyTorch', true), options);
}

describe('a file of weights without an architecture', () => {
  test('says so above a grid of its layers', async () => {
    for (const theme of ['dark', 'light', 'contrast'] as const) {
      const { page, view, card } = await openWeights({ theme, width: 1440, height: 900 });
      const banner = page.getByRole('region', { name: 'Weights only' });
      expect(await banner.textContent()).toContain(
        'Weights only: 247 tensors in 99 layers, and no architecture.',
      );
      await card('layer1.1.conv2').click();
      await page.getByRole('heading', { name: 'Weights', exact: true }).first().waitFor();
      await view.screenshot(`editor-weights-${theme}`);
      expect(await view.accessibilityFindings()).toEqual([]);
      expect(await view.complaints()).toEqual([]);
    }
  });

  test('puts layers into columns that a screen holds', async () => {
    const { page } = await openWeights({ width: 1440, height: 900 });
    await page.getByRole('button', { name: 'Fit the graph' }).click();
    const places = () =>
      page
        .locator('.react-flow__node')
        .evaluateAll((nodes) =>
          nodes.map((node) => node.getBoundingClientRect()).map(({ x, y }) => ({ x, y })),
        );
    const seen = async () =>
      (await places()).filter(({ x, y }) => x > 0 && x < 1440 && y > 0 && y < 900).length;
    await expect.poll(seen).toBe(99);
    const columns = new Set((await places()).map(({ x }) => Math.round(x))).size;
    expect(columns).toBeGreaterThan(3);
    expect(columns).toBeLessThan(20);
  });

  test('disables what cannot be done, with the reason', async () => {
    const { page, view, card, settle, edits } = await openWeights();
    await card('layer1.0.conv1').click();
    const actions = page.locator('.action[data-action]');
    expect(await actions.count()).toBe(6);
    for (const action of await actions.all()) {
      expect(await action.getAttribute('aria-disabled')).toBe('true');
      expect(await action.getAttribute('title')).toContain('This file holds weights and no architecture');
    }
    const exporting = page.getByRole('button', { name: 'Export…' });
    expect(await exporting.isDisabled()).toBe(true);
    expect(await exporting.getAttribute('title')).toContain('no architecture');
    expect(await page.locator('.header-train').getAttribute('title')).toContain('no architecture');
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Inspect']);
    expect(await page.getByText('Frozen', { exact: true }).count()).toBe(0);
    for (const key of ['c', 'f', 'Delete', 'g']) await page.keyboard.press(key);
    await view.send({ type: 'command', command: 'export' });
    await page.getByRole('alert').getByText('WEIGHTS_ONLY').waitFor();
    await settle();
    expect(await edits()).toEqual([]);
    expect(await view.postsOf('export')).toEqual([]);
  });

  test('is walked through with the arrow keys, down its columns and across', async () => {
    const { page, card, selected } = await openWeights();
    await card('conv1').click();
    await page.keyboard.press('ArrowDown');
    expect(await selected()).toEqual(['bn1']);
    await page.keyboard.press('ArrowUp');
    expect(await selected()).toEqual(['conv1']);
    await page.keyboard.press('ArrowRight');
    const [beside] = await selected();
    expect(beside).toMatch(/^layer\d\.\d\./);
  });

  test("does not repeat the reader's finding below the banner", async () => {
    const { page, view } = await openWeights();
    const model = new EditorHost(stateDict(), 'resnet50.pt', 'PyTorch', true).model();
    await view.send({ type: 'model', protocol: 1, model: { ...model, faults: [weightsOnlyFault()] } });
    expect(await page.locator('.fault-bar').count()).toBe(0);
    const odd = {
      severity: 'warning',
      code: 'PICKLE_CLASS',
      message: 'an optimizer was passed over',
    } as const;
    await view.send({ type: 'model', protocol: 1, model: { ...model, faults: [weightsOnlyFault(), odd] } });
    await page.locator('.fault-bar').getByText(odd.message).waitFor();
    expect(await page.locator('.fault-bar strong').textContent()).toBe('1 warning');
  });
});

describe('the export button', () => {
  test('asks the host, and says why not where a fault stops it', async () => {
    const session = await pages.open(new EditorHost(residualNet(), 'resnet.h5'));
    const { page, view } = session;
    await page.getByRole('button', { name: 'Export…' }).click();
    await view.send({ type: 'command', command: 'export' });
    expect(await view.postsOf('export')).toHaveLength(2);

    const model = new EditorHost(residualNet(), 'resnet.h5').model();
    const fault = {
      severity: 'error',
      code: 'SHAPE_MISMATCH',
      message: 'predictions: found 3, expected 4',
    } as const;
    await view.send({ type: 'model', protocol: 1, model: { ...model, faults: [fault] } });
    const button = page.getByRole('button', { name: 'Export…' });
    expect(await button.isDisabled()).toBe(true);
    expect(await button.getAttribute('title')).toContain('predictions: found 3, expected 4');
    await view.send({ type: 'command', command: 'export' });
    await page.getByRole('alert').getByText('The model cannot be exported').waitFor();
    expect(await view.postsOf('export')).toHaveLength(2);
  });
});
