import { describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import type { Edit } from '../../../src/protocol/editor';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { inceptionNet, residualNet, stateDict } from '../support/models';

const pages = editorPages();

const DONOR = '/models/donor.h5';

async function open(
  graph: LayerGraph = residualNet([1, 1]),
  donors: Readonly<Record<string, LayerGraph>> = {},
  options?: OpenOptions,
): Promise<EditorSession> {
  const host = new EditorHost(graph, `${graph.name}.h5`);
  for (const [path, donor] of Object.entries(donors)) host.donors.set(path, donor);
  return pages.open(host, options);
}

/** Selects a layer and brings it into view, as the search does. */
async function select({ page, settle }: EditorSession, name: string): Promise<void> {
  await page.keyboard.press('Control+f');
  await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
  await page.keyboard.type(name);
  await page.locator(`.layer[data-selected] [title="${name}"]`).first().waitFor();
  await page.keyboard.press('Escape');
  await settle();
}

const operation = (edit: Edit | undefined) => (edit?.type === 'operate' ? edit.operation : undefined);

describe('a layer', () => {
  test('is inserted behind the selected one, by the keyboard alone', async () => {
    const opened = await open();
    const { view, page, card, settle, edits } = opened;
    await select(opened, 'avg_pool');
    await view.send({ type: 'command', command: 'insertLayer' });
    await settle();
    await page.getByRole('dialog', { name: 'Insert a layer' }).waitFor();
    await view.screenshot('sheet-insert-kinds');
    expect(await view.accessibilityFindings()).toEqual([]);
    // The search has the focus; Enter takes the first that begins with what is typed.
    await page.keyboard.type('dense');
    await page.keyboard.press('Enter');
    await settle();
    expect(await page.locator('.layer-confirm').getAttribute('disabled')).not.toBeNull();
    await page.getByRole('textbox', { name: 'units' }).fill('24');
    await settle();
    await expect(page.locator('.preview').first().textContent()).resolves.toContain('24');
    await expect(page.locator('.sheet-total').textContent()).resolves.toBe('792 new parameters');
    await view.screenshot('sheet-insert');
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.locator('.layer-confirm').click();
    await settle();
    expect(operation((await edits()).at(-1))).toEqual({
      op: 'insert',
      between: ['avg_pool', 'predictions'],
      layers: [{ kind: 'Dense', config: { units: 24 } }],
    });
    await card('dense').waitFor();
  });

  test('is offered by the line under the pointer', async () => {
    const opened = await open();
    const { view, page, card, settle } = opened;
    await select(opened, 'avg_pool');
    const [above, below] = [await card('avg_pool').boundingBox(), await card('predictions').boundingBox()];
    if (!above || !below) throw new Error('no cards');
    await page.mouse.move(above.x + above.width / 2 + 3, (above.y + above.height + below.y) / 2);
    const handle = page.locator('.insert-handle');
    await handle.waitFor();
    await view.screenshot('edge-plus');
    await handle.click();
    await settle();
    await expect(page.locator('.target-card strong').textContent()).resolves.toBe('After avg_pool');
    await page.getByRole('dialog', { name: 'Insert a layer' }).waitFor();
  });

  test('says what does not fit before it is there', async () => {
    const opened = await open();
    const { view, page, settle } = opened;
    await select(opened, 'avg_pool');
    await view.send({ type: 'command', command: 'insertLayer' });
    await settle();
    await page.getByRole('option', { name: 'Conv2D', exact: true }).click();
    await page.getByRole('textbox', { name: 'filters' }).fill('8');
    await page.getByRole('textbox', { name: 'kernel_size' }).fill('3');
    await settle();
    await expect(
      page.locator('.sheet-problem[data-severity="error"]').first().textContent(),
    ).resolves.toMatch(/expected/);
    await page.getByRole('textbox', { name: 'kernel_size' }).fill('three');
    await settle();
    await expect(page.locator('.config-field .field-note').textContent()).resolves.toBe(
      'a whole number from 1, or 2 of them',
    );
    expect(await page.locator('.layer-confirm').getAttribute('disabled')).not.toBeNull();
  });

  test('is replaced: what stays of its weights is said', async () => {
    const opened = await open();
    const { view, page, settle, edits } = opened;
    await select(opened, 'predictions');
    await view.send({ type: 'command', command: 'replaceLayer' });
    await settle();
    await page.getByRole('option', { name: 'Dense', exact: true }).click();
    await settle();
    expect(await page.getByRole('textbox', { name: 'units' }).inputValue()).toBe('10');
    await page.getByRole('textbox', { name: 'units' }).fill('3');
    await settle();
    await expect(page.locator('.weight-fates').textContent()).resolves.toBe(
      'kernel32×3starts anewbias3starts anew',
    );
    await view.screenshot('sheet-replace');
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.locator('.layer-confirm').click();
    await settle();
    expect(operation((await edits()).at(-1))).toEqual({
      op: 'replace',
      layer: 'predictions',
      with: { kind: 'Dense', config: { units: 3, activation: 'softmax' } },
    });
  });

  test('that merges takes its whole block along', async () => {
    const opened = await open(residualNet([2]));
    const { view, page, settle, edits } = opened;
    await select(opened, 'conv2_block2_add');
    await view.send({ type: 'command', command: 'removeBlock' });
    await settle();
    const removed = operation((await edits()).at(-1));
    expect(removed?.op === 'remove' && [...removed.layers].sort()).toEqual([
      ...['conv2_block2_1_bn', 'conv2_block2_1_conv', 'conv2_block2_1_relu'],
      ...['conv2_block2_2_bn', 'conv2_block2_2_conv', 'conv2_block2_add'],
    ]);
    await view.send({ type: 'command', command: 'removeBlock' });
    await settle();
    await expect(page.locator('.notice').textContent()).resolves.toContain('Select a layer first');
  });
});

describe('another model', () => {
  test('is chosen among those that are open, and grafted from its best place', async () => {
    const opened = await open(
      residualNet([1, 1]),
      { [DONOR]: residualNet([1, 1, 1], 4) },
      { width: 1440, height: 900 },
    );
    const { view, page, settle, edits } = opened;
    await select(opened, 'conv3_block1_out');
    await view.send({ type: 'command', command: 'graftFrom' });
    await settle();
    await view.screenshot('sheet-donor-choose');
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.getByRole('button', { name: 'donor.h5' }).click();
    await settle();
    // What reads the layer of the same name there has two readers: the next that alone reads its shape.
    await page.locator('.seam').waitFor();
    await view.screenshot('sheet-donor');
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.getByRole('button', { name: /^From/ }).click();
    await page.getByRole('option', { name: /^avg_pool/ }).click();
    await settle();
    await expect(page.locator('.sheet-total').textContent()).resolves.toMatch(/^2 layers/);
    await expect(page.locator('.seam').getAttribute('data-fits')).resolves.toBe('false');
    await page.locator('.donor-confirm').click();
    await settle();
    expect(operation((await edits()).at(-1))).toEqual({
      ...{ op: 'graft', donor: DONOR, from: 'avg_pool', after: 'conv3_block1_out' },
    });
  });

  test('that is dropped on the graph is opened; one that is not there says so', async () => {
    const { view, page, settle } = await open(residualNet([1]), { [DONOR]: inceptionNet(1) });
    const drop = (uri: string) =>
      page.evaluate((list) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.setData('text/uri-list', list);
        const canvas = document.querySelector('.react-flow__pane');
        canvas?.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer }));
        canvas?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
      }, uri);
    await drop('file:///models/gone.h5');
    await settle();
    await expect(page.getByRole('alert').textContent()).resolves.toContain('gone.h5 cannot be opened');
    await view.screenshot('sheet-donor-unreadable');
    await drop(`file://${DONOR}`);
    await settle();
    await expect(page.locator('.donor-card strong').textContent()).resolves.toBe('donor.h5');
    await page.getByRole('button', { name: 'Change…' }).click();
    await settle();
    await page.getByRole('button', { name: 'Choose a file…' }).waitFor();
  });

  test('while it is opened can be given up', async () => {
    const { view, page, settle } = await open();
    await view.send({ type: 'command', command: 'graftFrom' });
    await settle();
    await view.send({ type: 'donor', donor: { kind: 'opening', label: 'large.h5' } });
    await page.getByText('Opening large.h5…').waitFor();
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).first().click();
    await settle();
    expect(await view.postsOf('closeDonor')).toHaveLength(1);
    await page.getByRole('button', { name: 'Choose a file…' }).waitFor();
  });
});

describe('a warm start', () => {
  test('says what it would take, by name and by expression', async () => {
    const { view, page, settle, edits } = await open(
      residualNet([1], 10),
      { [DONOR]: residualNet([1], 4) },
      { width: 1440, height: 900 },
    );
    await view.send({ type: 'command', command: 'warmStart' });
    await settle();
    await page.getByRole('button', { name: 'donor.h5' }).click();
    await settle();
    await expect(page.locator('.report p').textContent()).resolves.toMatch(/^20 of 22 weights matched/);
    await view.screenshot('sheet-warm-start');
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.getByRole('textbox', { name: 'Layers' }).fill('^conv1');
    await settle();
    await expect(page.locator('.report p').textContent()).resolves.toMatch(/^5 of 5 weights matched/);
    expect(await page.locator('.layer[data-highlight="hit"]').count()).toBeGreaterThan(0);
    await page.locator('.warm-confirm').click();
    await settle();
    expect(operation((await edits()).at(-1))).toEqual({ op: 'warmStart', from: DONOR, match: '^conv1' });
  });

  test('is told layer by layer where names differ', async () => {
    const graph = residualNet([1]);
    const renamed = {
      ...graph,
      layers: graph.layers.map((layer) => ({ ...layer, name: layer.name.replace('conv', 'unit_') })),
    };
    const { view, page, settle, edits } = await open(
      graph,
      { [DONOR]: renamed },
      { width: 1440, height: 900 },
    );
    await view.send({ type: 'command', command: 'warmStart' });
    await settle();
    await page.getByRole('button', { name: 'donor.h5' }).click();
    await settle();
    await expect(page.locator('.report p').textContent()).resolves.toMatch(/^2 of 22 weights matched/);
    await page.getByRole('button', { name: /^Use \d+ suggestions$/ }).click();
    await settle();
    await expect(page.locator('.report p').textContent()).resolves.toMatch(/^22 of 22 weights matched/);
    await view.screenshot('sheet-warm-start-map');
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.locator('.warm-confirm').click();
    await settle();
    const started = operation((await edits()).at(-1));
    expect(started?.op === 'warmStart' && started.map?.['conv2_block1_1_conv']).toBe('unit_2_block1_1_conv');
  });

  test('says that a file was chosen before, for something else, and takes another', async () => {
    const { view, page, settle } = await open(residualNet([1]), { [DONOR]: residualNet([1], 4) });
    await view.send({ type: 'command', command: 'graftFrom' });
    await settle();
    await page.getByRole('button', { name: 'donor.h5' }).click();
    await settle();
    const last = page.getByText('Chosen last time');
    expect(await last.count()).toBe(0);
    await view.send({ type: 'command', command: 'warmStart' });
    await settle();
    await last.waitFor();
    await view.screenshot('sheet-warm-start-last');
    await page.getByRole('button', { name: 'Change…' }).click();
    await settle();
    await page.getByRole('button', { name: 'Choose a file…' }).waitFor();
  });

  test('takes weights without an architecture, a graft does not', async () => {
    const { view, page, settle } = await open(residualNet([1]), { [DONOR]: stateDict([1]) });
    await view.send({ type: 'command', command: 'warmStart' });
    await settle();
    await page.getByRole('button', { name: 'donor.h5' }).click();
    await settle();
    await page.locator('.report').waitFor();
    await view.send({ type: 'command', command: 'graftFrom' });
    await settle();
    await expect(page.getByRole('alert').textContent()).resolves.toContain('no architecture');
  });
});

test('an input gets another shape, with what comes of it first', async () => {
  const { view, page, settle, edits } = await open();
  await view.send({ type: 'command', command: 'inputShape' });
  await settle();
  await page.getByRole('textbox', { name: 'Height' }).fill('96');
  await page.getByRole('textbox', { name: 'Width' }).fill('');
  await settle();
  await expect(page.locator('.preview-box').textContent()).resolves.toContain('96×?×16');
  await view.screenshot('sheet-input-shape');
  expect(await view.accessibilityFindings()).toEqual([]);
  await page.locator('.shape-confirm').click();
  await settle();
  expect(operation((await edits()).at(-1))).toEqual({ op: 'inputShape', shape: [96, null, 3] });
});

test('a head has its price before anything is chosen, and fits the data', async () => {
  const opened = await open();
  const { view, page, settle, edits } = opened;
  await select(opened, 'conv3_block1_out');
  await view.send({ type: 'command', command: 'graftHead' });
  await settle();
  // Of the ten classes that the model has: 32 channels, or 32 by 32 places of them.
  await expect(page.locator('.choice-cost').allTextContents()).resolves.toEqual(['330', '330', '328 k']);
  await page.getByRole('button', { name: 'Match my data' }).click();
  await settle();
  expect(await page.getByRole('textbox', { name: 'Classes' }).inputValue()).toBe('5');
  await view.screenshot('sheet-head');
  expect(await view.accessibilityFindings()).toEqual([]);
  await page.locator('.graft-confirm').click();
  await settle();
  expect((await edits()).length).toBe(1);
  // What was grafted is selected; a head hangs on one layer.
  await page.keyboard.press('Escape');
  await view.send({ type: 'command', command: 'graftHead' });
  await settle();
  await page.getByRole('button', { name: 'average, dropout 0.2, 5 softmax' }).waitFor();
});

test('the sheets look at home in light and in high contrast', async () => {
  for (const theme of ['light', 'contrast'] as const) {
    const opened = await open(
      residualNet([1, 1]),
      { [DONOR]: residualNet([1, 1, 1], 4) },
      { theme, width: 1440, height: 900 },
    );
    const { view, page, settle } = opened;
    await select(opened, 'conv3_block1_out');
    await view.send({ type: 'command', command: 'graftFrom' });
    await settle();
    await page.getByRole('button', { name: 'donor.h5' }).click();
    await settle();
    await page.locator('.seam').waitFor();
    await view.screenshot(`sheet-donor-${theme}`);
    expect(await view.accessibilityFindings()).toEqual([]);
    await view.send({ type: 'command', command: 'replaceLayer' });
    await settle();
    await page.getByRole('option', { name: 'Conv2D', exact: true }).waitFor();
    await view.screenshot(`sheet-kinds-${theme}`);
    expect(await view.accessibilityFindings()).toEqual([]);
    expect(await view.complaints()).toEqual([]);
  }
});

test('an input offers its shape in the inspector', async () => {
  const opened = await open(residualNet([1]));
  const { page, settle } = opened;
  await select(opened, 'images');
  await page.getByRole('button', { name: 'Shape of the input…' }).click();
  await settle();
  await page.getByRole('dialog', { name: 'Shape of the input' }).waitFor();
});
