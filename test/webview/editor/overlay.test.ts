import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { sizeOf } from '../../../src/core/graph/layerGraph';
import { joinSpreads, statisticsOf } from '../../../src/core/weights/statistics';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import { architecture } from '../../support/architectures';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { longNet, residualNet, stateDict } from '../support/models';

const pages = editorPages();
let digits: LayerGraph;

beforeAll(async () => {
  ({ graph: digits } = await openModel(path.resolve(import.meta.dirname, '../../../samples/digits-0-4.h5')));
});

async function open(
  graph: LayerGraph = residualNet(),
  options: OpenOptions = { width: 1440, height: 900 },
): Promise<EditorSession> {
  return pages.open(new EditorHost(graph, `${graph.name}.h5`), options);
}

async function show({ page }: EditorSession, overlay: string): Promise<void> {
  await page.getByRole('button', { name: 'Show on the cards…' }).click();
  await page.getByRole('menuitemradio', { name: overlay }).click();
}

/** The values on the cards that are on the page, by the layer's name. */
function marks({ page }: EditorSession): Promise<Record<string, string>> {
  return page.locator('.react-flow__node-layer').evaluateAll((nodes) =>
    Object.fromEntries(
      nodes.flatMap((node) => {
        const mark = node.querySelector('.layer-mark')?.textContent;
        const name = node.querySelector('.layer-name > [title]')?.getAttribute('title') ?? '';
        return mark === undefined || mark === null ? [] : [[name, mark]];
      }),
    ),
  );
}

describe('an overlay', () => {
  test('is off before it is chosen, and off again', async () => {
    const opened = await open();
    const { page } = opened;
    expect(await page.locator('.layer[data-heat], .legend').count()).toBe(0);
    await show(opened, 'Parameters');
    expect(await page.locator('.layer[data-heat]').count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Turn the overlay off' }).click();
    expect(await page.locator('.layer[data-heat], .legend').count()).toBe(0);
  });

  test('shows a value on every card, and a scale', async () => {
    const opened = await open(digits, { width: 1440, height: 1600 });
    const { page } = opened;
    await show(opened, 'FLOPs');
    const { layers } = new EditorHost(digits).model();
    const shown = await marks(opened);
    expect(Object.keys(shown).length).toBeGreaterThan(4);
    for (const name of Object.keys(shown))
      expect(layers.find((layer) => layer.name === name)?.flops).toBeGreaterThan(0);
    expect(await page.locator('.legend-ends span').count()).toBe(3);
    await expect(page.locator('.legend-note').textContent()).resolves.toContain('Logarithmic');
    // A screen reader hears it too.
    const [name = ''] = Object.keys(shown);
    expect(
      await page.getByRole('button', { name: new RegExp(`${name}.*FLOPs ${shown[name]}`) }).count(),
    ).toBe(1);
  });

  test('of weights measures them as the file has them, telling how far it is', async () => {
    const opened = await open(digits, { width: 1440, height: 1600 });
    const { page, settle, view } = opened;
    expect(await view.postsOf('measureSpreads')).toEqual([]);
    await show(opened, 'Weight spread');
    await page.getByRole('progressbar', { name: 'Layers measured' }).waitFor();
    await settle();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    const shown = await marks(opened);
    const reader = openWeights();
    let compared = 0;
    for (const layer of digits.layers) {
      const parts = [];
      for (const weight of layer.weights.filter(({ role }) => role === 'parameter')) {
        parts.push({ ...statisticsOf(await reader.read(weight)), count: sizeOf(weight.shape) });
      }
      const text = shown[layer.name];
      if (parts.length === 0 || text === undefined) continue;
      expect(Number(text)).toBeCloseTo(joinSpreads(parts).deviation, 2);
      compared++;
    }
    await reader.close();
    expect(compared).toBeGreaterThan(4);
    // What a run began with is missed by the overlay that compares with it, and by no other.
    const noMovement = 'base.h5: no such file';
    await view.send({ type: 'spreads', spreads: {}, measured: 8, total: 8, done: true, noMovement });
    await settle();
    expect(await page.locator('.legend [role=alert]').count()).toBe(0);
    expect(await marks(opened)).toEqual(shown);
    await show(opened, 'Weight movement');
    await page.locator('.legend [role=alert]', { hasText: noMovement }).waitFor();
  });

  test('of weights can be stopped, and goes on; what comes too late does not start it again', async () => {
    const opened = await open(digits);
    const { page, settle, view } = opened;
    await show(opened, 'Weight mean');
    await page.getByRole('button', { name: 'Stop' }).click();
    await view.send({ type: 'spreads', spreads: {}, measured: 1, total: 8, done: false });
    await page.getByText('Stopped at 1 of 8').waitFor();
    await settle();
    await page.getByRole('button', { name: 'Measure' }).click();
    await settle();
    expect(Object.keys(await marks(opened)).length).toBeGreaterThan(2);
    expect((await view.postsOf('measureSpreads')).map(({ on }) => on)).toEqual([true, false, true]);
    // An operation may bring other weights: they are measured again.
    await opened.card('block1a_relu').click();
    await page.keyboard.press('Delete');
    await settle();
    expect((await view.postsOf('measureSpreads')).map(({ on }) => on)).toEqual([true, false, true, true]);
    // Another overlay needs none.
    await show(opened, 'Activation size');
    expect(await page.locator('.legend button', { hasText: 'Stop' }).count()).toBe(0);
  });

  test('is chosen by keys alone', async () => {
    const { page } = await open();
    await page.locator('.canvas').click({ position: { x: 20, y: 200 } });
    await page.keyboard.press('o');
    await page.getByRole('menu', { name: 'Show on the cards' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.locator('.legend h2').textContent()).resolves.toBe('Trainable share');
    await page.keyboard.press('o');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('menu').count()).toBe(0);
    await page.keyboard.press('o');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    expect(await page.locator('.legend').count()).toBe(0);
  });

  test('offers of weights alone what is known of them', async () => {
    const session = await pages.open(new EditorHost(stateDict(), 'r.pth', 'PyTorch', true));
    const { page } = session;
    await page.getByRole('button', { name: 'Show on the cards…' }).click();
    const names = await page.getByRole('menuitemradio').locator('span:nth-child(2)').allTextContents();
    expect(names).toEqual(['Nothing', 'Parameters', 'Weight mean', 'Weight spread']);
    await page.keyboard.press('Escape');
  });

  test('draws no more elements on a thousand layers, and nothing anew but what changed', async () => {
    const opened = await open(longNet(1000));
    const { page, settle } = opened;
    await page.getByRole('button', { name: 'Expand all' }).click();
    await page.locator('.frame').first().waitFor();
    await show(opened, 'Parameters');
    expect(await page.locator('*').count()).toBeLessThan(750);
    await page
      .locator('.react-flow__node-layer', { hasText: /block\d+_conv/ })
      .first()
      .click();
    await settle();
    await page.evaluate(() => {
      const changed = new Set<string>();
      Object.assign(window, { changed });
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          const card = element?.closest('.react-flow__node')?.getAttribute('data-id');
          if (card) changed.add(card);
        }
      }).observe(document.querySelector('.react-flow__nodes')!, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    await page.keyboard.press('f');
    await settle();
    const changed = await page.evaluate(() => [...(window as unknown as { changed: Set<string> }).changed]);
    expect(changed.length).toBe(1);
  });
});

test('looks at home in every theme', async () => {
  for (const theme of ['dark', 'light', 'contrast'] as const) {
    const opened = await open(architecture('ResNet50'), { theme, width: 1440, height: 900 });
    await show(opened, 'FLOPs');
    expect(await opened.view.accessibilityFindings()).toEqual([]);
    await opened.view.screenshot(`overlay-boxes-${theme}`);
    await opened.page.locator('.react-flow__node-box').nth(1).dblclick();
    await opened.page.locator('.frame').first().waitFor();
    await opened.view.screenshot(`overlay-${theme}`);
    expect(await opened.view.accessibilityFindings()).toEqual([]);
    await opened.page.getByRole('button', { name: 'Show on the cards…' }).click();
    await opened.view.screenshot(`overlay-menu-${theme}`);
    expect(await opened.view.accessibilityFindings()).toEqual([]);
  }
  const opened = await open(digits, { width: 1440, height: 900 });
  await show(opened, 'Weight mean');
  await opened.settle();
  await opened.view.screenshot('overlay-mean');
});
