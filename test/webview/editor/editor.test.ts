import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../../src/core/failure';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { openModel } from '../../../src/formats/registry';
import { EDITOR_PROTOCOL } from '../../../src/protocol/editor';
import type { ModelView } from '../../../src/protocol/editor';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { inceptionNet, longNet, residualNet } from '../support/models';

const pages = editorPages();
let digits: LayerGraph;

beforeAll(async () => {
  ({ graph: digits } = await openModel(path.resolve(import.meta.dirname, '../../../samples/digits-0-4.h5')));
});

function open(graph: LayerGraph = residualNet(), options?: OpenOptions): Promise<EditorSession> {
  return pages.open(new EditorHost(graph, `${graph.name}.h5`), options);
}

/** The model with a fault put on one of its layers, as shapes that do not fit would. */
function withFault(model: ModelView, layer: string): { model: ModelView; fault: Fault } {
  const fault: Fault = {
    severity: 'error',
    code: 'SHAPE_MISMATCH',
    layer,
    message: `${layer}: found (None, 64, 64, 16) and (None, 32, 32, 16), expected equal shapes`,
    found: '(None, 64, 64, 16) and (None, 32, 32, 16)',
    expected: 'equal shapes',
  };
  const layers = model.layers.map((view) =>
    view.name === layer ? { ...view, outputShape: null, faults: [fault] } : view,
  );
  return { model: { ...model, layers, faults: [fault] }, fault };
}

describe('a model', () => {
  test('is drawn with kind, name, shape and parameters', async () => {
    const { page, card, view } = await open(digits);
    const convolution = digits.layers.find(({ kind }) => kind === 'Conv2D');
    expect(convolution).toBeDefined();
    const name = convolution?.name ?? '';
    await expect(card(name).locator('.layer-kind').textContent()).resolves.toBe('Conv2D');
    const [shape, params] = await card(name).locator('.layer-foot span').allTextContents();
    expect(shape).toMatch(/^\d+×\d+×\d+$/);
    expect(params).toMatch(/^[\d,]+$/);
    const said = `Conv2D ${name}, output ${shape}, ${params} parameters`;
    expect(await page.getByRole('button', { name: said, exact: true }).count()).toBe(1);
    expect(await page.locator('.tensor').count()).toBeGreaterThan(3);
    expect(await view.postsOf('ready')).toEqual([{ type: 'ready', protocol: EDITOR_PROTOCOL }]);
    await view.screenshot('editor-digits');
  });

  test('says its totals', async () => {
    const { page } = await open(digits);
    const { totals } = new EditorHost(digits).model();
    const shown = await page.locator('.totals dd').allTextContents();
    const expected = [totals.params, totals.trainable, totals.frozen, totals.statistics];
    expect(shown).toEqual(expected.map((total) => total.toLocaleString('en-US')));
  });

  test('looks at home in a dark, a light and a high contrast theme', async () => {
    for (const theme of ['dark', 'light', 'contrast'] as const) {
      const { view, page, card, settle } = await open(residualNet(), { theme, width: 1440, height: 900 });
      await card('conv2_block1_1_conv').click();
      await page.keyboard.press('Shift+F');
      await settle();
      await view.screenshot(`editor-${theme}`);
      expect(await page.locator('.layer[data-frozen]').count()).toBeGreaterThan(2);
      expect(await view.complaints()).toEqual([]);
    }
  });

  test('can be read by a screen reader', async () => {
    const { view, page, card, settle } = await open();
    expect(await view.accessibilityFindings()).toEqual([]);
    await card('conv1_bn').click();
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.getByRole('tab', { name: 'Freeze' }).click();
    expect(await view.accessibilityFindings()).toEqual([]);
    await page.keyboard.press('Escape');
    await view.send({ type: 'command', command: 'graftHead' });
    await settle();
    expect(await view.accessibilityFindings()).toEqual([]);
    await view.send({ type: 'command', command: 'train' });
    await settle();
    expect(await view.accessibilityFindings()).toEqual([]);
  });

  test('of a thousand layers mounts those in sight alone', async () => {
    const { page, view } = await open(longNet(1000));
    await expect(page.locator('.totals-layers').textContent()).resolves.toBe('1,001 layers');
    expect(await page.locator('*').count()).toBeLessThan(600);
    // Collapsed it is a few boxes, which are laid out on the page itself.
    expect(page.workers()).toHaveLength(0);
    const boxes = page.locator('.react-flow__node-box');
    expect(await boxes.count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Expand all' }).click();
    await expect.poll(() => boxes.count()).toBe(0);
    expect(page.workers()).toHaveLength(1);
    expect(await page.locator('*').count()).toBeLessThan(600);
    await page.getByRole('button', { name: 'Fit the graph' }).click();
    await page.locator('.overview').waitFor({ state: 'attached' });
    expect(await page.locator('.react-flow__node').count()).toBe(0);
    expect(await view.complaints()).toEqual([]);
  });

  test('is seen whole when that is asked for while it is being laid out', async () => {
    const { page } = await open(longNet(1000));
    // In one go: the worker has not answered in between.
    await page.evaluate(() => {
      for (const name of ['Expand all', 'Fit the graph'])
        document.querySelector<HTMLElement>(`button[aria-label="${name}"]`)?.click();
    });
    await page.locator('.overview').waitFor({ state: 'attached' });
  });

  test('that is being read, and one that cannot be, say so', async () => {
    const { view, page } = await open();
    await view.send({ type: 'loading', file: 'resnet.h5' });
    await page.getByText('Reading resnet.h5').waitFor();
    await view.screenshot('editor-loading');
    const message = 'resnet.h5 ends at byte 14,000 of 231,424; copy or download it again';
    await view.send({ type: 'unreadable', code: 'H5_TRUNCATED', message });
    await page.getByRole('alert').getByText(message).waitFor();
    await page.getByText('H5_TRUNCATED').waitFor();
    await view.screenshot('editor-unreadable');
  });
});

describe('the selection', () => {
  test('follows clicks, and Ctrl- and Shift-clicks', async () => {
    const { card, selected, page } = await open();
    await card('conv1_conv').click();
    expect(await selected()).toEqual(['conv1_conv']);
    await card('conv1_bn').click({ modifiers: ['Control'] });
    await card('conv1_relu').click({ modifiers: ['Control', 'Shift'] });
    expect(await selected()).toEqual(['conv1_conv', 'conv1_bn', 'conv1_relu']);
    await page.getByRole('heading', { name: '3 layers' }).waitFor();
    await card('conv1_bn').click({ modifiers: ['Control'] });
    expect(await selected()).toEqual(['conv1_conv', 'conv1_relu']);
    await card('conv1_relu').click();
    expect(await selected()).toEqual(['conv1_relu']);
    await page.keyboard.press('Escape');
    expect(await selected()).toEqual([]);
  });

  test('follows a box, drawn with Shift', async () => {
    const { page, card, selected } = await open();
    const from = await card('conv1_conv').boundingBox();
    const to = await card('conv1_relu').boundingBox();
    if (!from || !to) throw new Error('the cards are not on the page');
    await page.keyboard.down('Shift');
    await page.mouse.move(from.x - 40, from.y - 10);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width + 30, to.y + to.height + 10, { steps: 8 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    expect(await selected()).toEqual(['conv1_conv', 'conv1_bn', 'conv1_relu']);
  });

  test('walks along the graph with the arrow keys', async () => {
    const { page, selected, card } = await open();
    await card('conv1_bn').click();
    await page.keyboard.press('ArrowDown');
    expect(await selected()).toEqual(['conv1_relu']);
    await page.keyboard.press('ArrowDown');
    const [below] = await selected();
    expect(['conv2_block1_0_conv', 'conv2_block1_1_conv']).toContain(below);
    await page.keyboard.press(below === 'conv2_block1_1_conv' ? 'ArrowLeft' : 'ArrowRight');
    expect(await selected()).not.toEqual([below]);
    await page.keyboard.press('ArrowUp');
    expect(await selected()).toEqual(['conv1_relu']);
  });

  test('takes everything with Ctrl+A', async () => {
    const { page } = await open();
    await page.keyboard.press('Control+a');
    await page.getByRole('heading', { name: '54 layers' }).waitFor();
  });

  test('survives an edit as far as its layers do', async () => {
    const { page, card, selected, settle } = await open();
    await card('conv1_bn').click();
    const before = await card('conv1_bn').boundingBox();
    await page.keyboard.press('f');
    await settle();
    expect(await selected()).toEqual(['conv1_bn']);
    expect(await card('conv1_bn').boundingBox()).toEqual(before);
  });

  test('shows one layer in full', async () => {
    const { page, card } = await open();
    await card('conv1_bn').click();
    const inspector = page.getByRole('tabpanel');
    await inspector.getByRole('heading', { name: 'BatchNormalization' }).waitFor();
    await expect(inspector.locator('.weights li').count()).resolves.toBe(4);
    await expect(inspector.locator('.weight-note').allTextContents()).resolves.toEqual([
      'statistic',
      'statistic',
    ]);
    await expect(inspector.getByText('(None, 64, 64, 16)').count()).resolves.toBe(2);
  });
});

describe('search', () => {
  test('finds by name and kind, and goes on and back', async () => {
    const { page, selected } = await open();
    await page.keyboard.press('Control+f');
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await page.keyboard.type('BLOCK2_ADD');
    await page.getByText('1 of 3').waitFor();
    expect(await selected()).toEqual(['conv2_block2_add']);
    await page.keyboard.press('Enter');
    expect(await selected()).toEqual(['conv3_block2_add']);
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('Shift+Enter');
    expect(await selected()).toEqual(['conv4_block2_add']);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('globalaverage');
    await page.getByText('1 of 1').waitFor();
    expect(await selected()).toEqual(['avg_pool']);
    await page.keyboard.type('nowhere');
    await page.getByText('No layers').waitFor();
  });

  test('leaves the keys to what was found when it ends', async () => {
    const { page, selected } = await open();
    await page.keyboard.press('Control+f');
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await page.keyboard.type('conv1_conv');
    await page.getByText('1 of 1').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    expect(await selected()).toEqual(['conv1_bn']);
  });
});

describe('surgery', () => {
  test('cuts after the selected layer', async () => {
    const { page, card, edits, settle } = await open();
    await card('conv1_relu').click();
    await page.getByRole('button', { name: 'Cut here' }).click();
    expect(await edits()).toEqual([{ type: 'operate', operation: { op: 'cut', after: 'conv1_relu' } }]);
    await settle();
    await expect(page.locator('.totals-layers').textContent()).resolves.toBe('4 layers');
    expect(await card('conv1_relu').locator('.mark').allTextContents()).toEqual(['output']);
  });

  test('removes the selected layers with the Delete key', async () => {
    const { page, card, edits, settle } = await open();
    await card('conv1_bn').click();
    await card('conv1_relu').click({ modifiers: ['Control'] });
    await page.keyboard.press('Delete');
    expect(await edits()).toEqual([
      { type: 'operate', operation: { op: 'remove', layers: ['conv1_bn', 'conv1_relu'] } },
    ]);
    await settle();
    expect(await card('conv1_bn').count()).toBe(0);
  });

  test('is offered at the pointer, and says why it cannot be done', async () => {
    const { page, card, edits } = await open();
    await card('images').click({ button: 'right' });
    const menu = page.getByRole('menu');
    await expect(menu.getByRole('menuitem', { name: 'Remove Delete' }).getAttribute('title')).resolves.toBe(
      'images is an input of the model',
    );
    await page.keyboard.press('Escape');
    await expect(menu.count()).resolves.toBe(0);
    await card('conv1_bn').click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'Freeze F', exact: true }).click();
    expect(await edits()).toEqual([{ type: 'freeze', rules: [{ match: { names: ['conv1_bn'] } }] }]);
  });

  test('grafts a head, counted before it is there', async () => {
    const { page, view, edits, settle } = await open(digits);
    await view.send({ type: 'command', command: 'graftHead' });
    const sheet = page.getByRole('dialog', { name: 'Graft a head' });
    const graft = sheet.locator('.graft-confirm');
    const classes = sheet.getByRole('textbox', { name: 'Classes' });
    await classes.fill('');
    await sheet.locator('.graft-confirm[disabled]').waitFor();
    await classes.fill('5');
    await sheet.getByRole('textbox', { name: 'Hidden units' }).fill('16');
    const announced = await sheet.locator('.sheet-total').textContent();
    const place = (await sheet.locator('.target-card strong').textContent())?.replace('After ', '');
    await view.screenshot('editor-graft');
    await graft.click();
    expect(await edits()).toEqual([
      {
        type: 'operate',
        operation: {
          op: 'append',
          after: place,
          layers: [
            { kind: 'GlobalAveragePooling2D' },
            { kind: 'Dense', config: { units: 16, activation: 'relu' } },
            { kind: 'Dropout', config: { rate: 0.2 } },
            { kind: 'Dense', config: { units: 5, activation: 'softmax' } },
          ],
        },
      },
    ]);
    await settle();
    await page.getByRole('heading', { name: '4 layers' }).waitFor();
    const host = new EditorHost(digits);
    const [edit] = await edits();
    if (!edit) throw new Error('no edit was posted');
    host.answer({ type: 'edit', edit });
    const grafted = host.model().layers.filter((layer) => layer.grafted);
    expect(grafted).toHaveLength(4);
    const params = grafted.reduce((sum, layer) => sum + layer.params, 0);
    expect(announced).toBe(`${params.toLocaleString('en-US')} new parameters`);
  });

  test('shows a fault on the layer, in the bar and in the inspector', async () => {
    const { view, page, card, selected } = await open();
    const { model, fault } = withFault(new EditorHost(residualNet()).model(), 'conv1_relu');
    await view.send({ type: 'model', protocol: EDITOR_PROTOCOL, model });
    await card('conv1_relu').locator('.layer-fault').waitFor();
    await expect(card('conv1_relu').locator('.layer-fault').getAttribute('title')).resolves.toBe(
      fault.message,
    );
    await page.locator('.fault-bar').getByText('1 fault').waitFor();
    await page.getByRole('button', { name: 'Next fault' }).click();
    expect(await selected()).toEqual(['conv1_relu']);
    await page.getByRole('tabpanel').getByText(fault.message).waitFor();
    await view.screenshot('editor-fault');
  });

  test('goes through several faults, on and back, and training says the first', async () => {
    const { view, page, selected } = await open();
    const first = withFault(new EditorHost(residualNet()).model(), 'conv1_relu');
    const second = withFault(first.model, 'conv1_conv');
    const warning: Fault = { severity: 'warning', code: 'NOTE', message: 'of the whole model' };
    const model = { ...second.model, faults: [warning, first.fault, second.fault] };
    await view.send({ type: 'model', protocol: EDITOR_PROTOCOL, model });
    const bar = page.locator('.fault-bar');
    await bar.getByText('2 faults, 1 warning').waitFor();
    await page.keyboard.press('F8');
    await bar.getByText('1 of 3').waitFor();
    expect(await selected()).toEqual(['conv1_relu']);
    await page.keyboard.press('F8');
    expect(await selected()).toEqual(['conv1_conv']);
    await page.keyboard.press('F8');
    await bar.getByText('of the whole model').waitFor();
    await bar.getByText('3 of 3').waitFor();
    await page.getByRole('button', { name: 'Previous fault' }).click();
    await bar.getByText('2 of 3').waitFor();
    const reason = `2 faults in the model must be mended first: ${first.fault.message}`;
    await page.locator(`.header-train[title="${reason}"]`).waitFor();
    await view.send({ type: 'command', command: 'train' });
    await page.locator(`.train-start[disabled][title="${reason}"]`).waitFor();
  });

  test('that is refused leaves the model and says why', async () => {
    const { view, page } = await open();
    await view.send({ type: 'refused', code: 'REMOVE_MERGE', message: 'which branch goes on is not clear' });
    await page.getByRole('alert').getByText('which branch goes on is not clear').waitFor();
    await view.screenshot('editor-refused');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.getByRole('alert').count()).resolves.toBe(0);
  });

  test('is undone and redone by the host', async () => {
    const { page, view } = await open();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Redo' }).click();
    // VS Code's own listener would do the same once more: an undo that comes while another goes on is lost there.
    const heard = await page.evaluateHandle(() => {
      const keys: string[] = [];
      window.addEventListener('keydown', ({ key }) => keys.push(key));
      return keys;
    });
    for (const keys of ['Control+z', 'Control+z', 'Control+Shift+Z', 'Control+y']) {
      await page.keyboard.press(keys);
    }
    const posted = async () => (await view.posts()).map(({ type }) => type);
    await expect.poll(posted).toEqual(['ready', 'undo', 'redo', 'undo', 'undo', 'redo', 'redo']);
    expect(new Set(await heard.jsonValue())).toEqual(new Set(['Control', 'Shift']));
  });
});

describe('freezing', () => {
  test('by key and by switch', async () => {
    const { page, card, edits, settle } = await open();
    await card('conv1_conv').click();
    await page.keyboard.press('f');
    await settle();
    await expect(card('conv1_conv').locator('.layer-lock').count()).resolves.toBe(1);
    await page.getByRole('checkbox', { name: 'Frozen' }).click();
    await settle();
    await card('conv1_relu').click();
    await page.keyboard.press('Shift+F');
    expect(await edits()).toEqual([
      { type: 'freeze', rules: [{ match: { names: ['conv1_conv'] } }] },
      { type: 'freeze', rules: [{ match: { names: ['conv1_conv'] }, trainable: true }] },
      { type: 'freeze', rules: [{ match: { upTo: 'conv1_relu' } }] },
    ]);
  });

  test('by expression, counted and lit while it is typed', async () => {
    const { page, view, edits, settle } = await open();
    await view.send({ type: 'command', command: 'freezeByRegex' });
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await page.keyboard.type('conv1_');
    const names = residualNet().layers.map(({ name }) => name);
    const expected = names.filter((name) => /conv1_/.test(name)).length;
    await page.getByText(`${expected} layers of 54 matched`).waitFor();
    await page.keyboard.type('bn|conv1_relu');
    await page.getByText('2 layers of 54 matched').waitFor();
    const lit = page.locator('.layer[data-highlight="hit"] .layer-name > [title]');
    expect(await lit.allTextContents()).toEqual(['conv1_bn', 'conv1_relu']);
    expect(await page.locator('.layer[data-highlight="dim"]').count()).toBeGreaterThan(2);
    await view.screenshot('editor-regex');
    await page.locator('vscode-button', { hasText: 'Freeze 2' }).first().click();
    expect(await edits()).toEqual([{ type: 'freeze', rules: [{ match: { regex: 'conv1_bn|conv1_relu' } }] }]);
    await settle();
    await page.getByText('2 layers of 54 matched').waitFor();
  });

  test('says what is wrong with an expression', async () => {
    const { page, view } = await open();
    await view.send({ type: 'command', command: 'freezeByRegex' });
    const field = page.getByRole('textbox', { name: 'Regular expression over layer names' });
    await field.fill('conv(');
    await page.locator('.field-note[data-problem]').getByText('Unterminated group').waitFor();
    await expect(field.getAttribute('aria-invalid')).resolves.toBe('true');
    const byName = page.getByRole('region', { name: 'By name' });
    await byName.locator('vscode-button[disabled]', { hasText: 'Unfreeze' }).waitFor();
  });

  test('by kind, of all, and rule by rule', async () => {
    const { page, edits, settle } = await open();
    await page.getByRole('tab', { name: 'Freeze' }).click();
    const byKind = page.getByRole('region', { name: 'By kind' });
    await byKind.getByRole('combobox', { name: 'Kind of layer' }).click();
    await byKind.getByRole('option', { name: 'Conv2D (16)' }).click();
    await byKind.locator('vscode-button', { hasText: 'Freeze' }).first().click();
    await settle();
    await page.locator('vscode-button', { hasText: 'Freeze all' }).first().click();
    await settle();
    await page.locator('vscode-button', { hasText: 'Unfreeze all' }).click();
    await settle();
    await page.getByRole('tab', { name: 'Recipe' }).click();
    await page.getByText('Unfreeze all layers').hover();
    await page.getByRole('button', { name: 'Take away the rule: Unfreeze all layers' }).click();
    await settle();
    await page.getByRole('tab', { name: 'Freeze' }).click();
    await page.locator('vscode-button[disabled]', { hasText: 'Unfreeze all' }).waitFor();
    expect(await edits()).toEqual([
      { type: 'freeze', rules: [{ match: { kind: 'Conv2D' } }] },
      { type: 'freeze', rules: [{ match: { all: true } }] },
      {
        type: 'setFreezeRules',
        rules: [{ match: { all: true }, trainable: true }],
        label: 'Unfreeze all layers',
      },
      { type: 'setFreezeRules', rules: [], label: 'Take away "Unfreeze all layers"' },
    ]);
  });
});

describe('training', () => {
  test('waits for a dataset and for an output of its size', async () => {
    const { page, view, settle } = await open(inceptionNet());
    await page.locator('vscode-button', { hasText: 'Train…' }).click();
    const sheet = page.getByRole('dialog', { name: 'Train' });
    const start = sheet.locator('.train-start');
    await sheet.getByText('Choose a folder of images, one folder a class.').waitFor();
    await sheet.locator('.train-start[disabled]').waitFor();
    await sheet.locator('vscode-button', { hasText: 'Browse…' }).click();
    expect(await view.postsOf('browseDataset')).toHaveLength(1);
    await settle();
    await sheet.getByText("The model's output has 8 units, the dataset 5 classes.").waitFor();
    await view.screenshot('editor-train');
    await sheet.getByRole('button', { name: 'Graft a head…' }).click();
    const graft = page.getByRole('dialog', { name: 'Graft a head' });
    await expect(graft.getByRole('textbox', { name: 'Classes' }).inputValue()).resolves.toBe('5');
    await graft.locator('.graft-confirm').click();
    await settle();
    await page.locator('vscode-button', { hasText: 'Train…' }).click();
    await sheet.locator('.train-start:not([disabled])').waitFor();
    const epochs = sheet.getByRole('textbox', { name: 'Epochs' });
    await epochs.fill('0');
    await sheet.getByText('a whole number from 1').waitFor();
    await sheet.locator('.train-start[disabled]').waitFor();
    await epochs.fill('3');
    await sheet.getByRole('textbox', { name: 'Validation, %' }).fill('25');
    await settle();
    await start.click();
    const [train] = await view.postsOf('train');
    expect(train?.form).toMatchObject({ dataFolder: '/workspace/digits-5-9', epochs: 3, validation: 0.25 });
  });

  test('waits for a model without faults', async () => {
    const { view, page } = await open();
    const { model } = withFault(new EditorHost(residualNet()).model(), 'conv1_relu');
    await view.send({ type: 'model', protocol: EDITOR_PROTOCOL, model });
    await view.send({ type: 'command', command: 'train' });
    await page.getByText('1 fault in the model must be mended first: conv1_relu: found').waitFor();
  });
});

test('the summary takes the place of the graph, until Escape', async () => {
  const { page, view } = await open();
  await page.getByRole('button', { name: 'Summary as Keras prints it' }).click();
  await page.getByRole('gridcell', { name: 'conv1_conv (Conv2D)' }).waitFor();
  await view.screenshot('editor-summary');
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__node').first().waitFor();
});

test('the inspector keeps the width it is given', async () => {
  const { page } = await open();
  const sash = page.getByRole('separator', { name: 'Width of the inspector' });
  await sash.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(sash.getAttribute('aria-valuenow')).resolves.toBe('344');
  const side = page.getByRole('complementary', { name: 'Inspector' });
  expect((await side.boundingBox())?.width).toBeCloseTo(344, -1);
});
