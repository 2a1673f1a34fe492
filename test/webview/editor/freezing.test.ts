import { describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { residualNet } from '../support/models';

const pages = editorPages();
let host: EditorHost;

async function open(graph: LayerGraph = residualNet(), options?: OpenOptions): Promise<EditorSession> {
  host = new EditorHost(graph, `${graph.name}.h5`);
  return pages.open(host, options);
}

async function openFreezePage(graph?: LayerGraph, options?: OpenOptions): Promise<EditorSession> {
  const opened = await open(graph, options);
  await opened.page.getByRole('tab', { name: 'Freeze' }).click();
  return opened;
}

const totals = ({ page }: EditorSession) => page.locator('.totals dd').allTextContents();
const rules = () => host.recipe.freeze;

describe('by stage', () => {
  test('the slider previews while it moves and edits when it is let go', async () => {
    const editor = await openFreezePage();
    const { page, settle, edits, view } = editor;
    const slider = page.getByRole('slider', { name: 'Frozen stages, from the first' });
    const before = await totals(editor);
    const box = await slider.boundingBox();
    if (!box) throw new Error('the slider is not on the page');
    await page.mouse.move(box.x + 4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.66, box.y + box.height / 2, { steps: 5 });
    await settle();
    expect(await edits()).toEqual([]);
    await page.locator('.totals-preview').waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('2 of 3 stages: 64×64 and 32×32');
    const previewed = await totals(editor);
    expect(previewed).not.toEqual(before);
    expect(await page.locator('.layer[data-highlight="hit"]').count()).toBeGreaterThan(2);
    await view.screenshot('freeze-stages-drag');
    await page.mouse.up();
    await settle();
    expect(await edits()).toEqual([{ type: 'freezeStages', stages: 2 }]);
    expect(await page.locator('.totals-preview').count()).toBe(0);
    expect(await totals(editor)).toEqual(previewed);
    expect(rules()).toEqual([{ match: { stages: 2 } }]);
  });

  test('the slider is moved by keys, and Escape puts it back', async () => {
    const editor = await openFreezePage();
    const { page, settle, edits } = editor;
    const before = await totals(editor);
    const slider = page.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await settle();
    expect(await edits()).toEqual([{ type: 'freezeStages', stages: 1 }]);
    await page.keyboard.press('ArrowLeft');
    await settle();
    expect(rules()).toEqual([]);
    await page.keyboard.down('ArrowRight');
    await settle();
    expect(await totals(editor)).not.toEqual(before);
    await page.keyboard.press('Escape');
    await settle();
    expect(await totals(editor)).toEqual(before);
    await page.keyboard.up('ArrowRight');
    expect(await edits()).toHaveLength(2);
    expect(await slider.inputValue()).toBe('0');
  });
});

describe('by name', () => {
  test('what is written is previewed, until one leaves', async () => {
    const editor = await open();
    const { page, settle, edits, card } = editor;
    await card('images').click();
    await page.keyboard.press('r');
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    const before = await totals(editor);
    await page.keyboard.type('conv1_');
    await settle();
    expect(await totals(editor)).not.toEqual(before);
    await page.keyboard.press('Escape');
    await settle();
    expect(await totals(editor)).toEqual(before);
    await page.keyboard.type('conv1_');
    await settle();
    await page.getByRole('tab', { name: 'Freeze' }).focus();
    await settle();
    expect(await totals(editor)).toEqual(before);
    expect(await edits()).toEqual([]);
  });

  test('trains at a share of the learning rate, which the layer says and changes', async () => {
    const { page, settle, card } = await openFreezePage();
    await page.getByRole('textbox', { name: 'Regular expression' }).fill('^conv');
    const byName = page.getByRole('region', { name: 'By name' });
    await byName.getByRole('textbox', { name: 'Share of the learning rate' }).fill('x');
    await byName.locator('vscode-button[disabled]', { hasText: 'Train at' }).waitFor();
    await byName.getByRole('textbox', { name: 'Share of the learning rate' }).fill('0.2');
    await byName.locator('vscode-button', { hasText: 'Train at 0.2×' }).click();
    await settle();
    const slow = { match: { regex: '^conv' }, trainable: true, learningRateMultiplier: 0.2 };
    expect(rules()).toEqual([slow]);
    await card('conv1_conv').click();
    await page.getByRole('tab', { name: 'Inspect' }).click();
    await page.getByText('Training changes its weights at 0.2× the learning rate.').waitFor();
    const rate = page.getByRole('textbox', { name: 'Share of the learning rate' });
    await rate.fill('1');
    await rate.press('Enter');
    await settle();
    expect(rules()).toEqual([slow, { match: { names: ['conv1_conv'] }, trainable: true }]);
    await page.getByText('Training changes its weights.').waitFor();
  });
});

test('a button shows what it would do while it is pointed at', async () => {
  const editor = await openFreezePage();
  const { page, settle, edits } = editor;
  const before = await totals(editor);
  await page.locator('vscode-button', { hasText: 'Freeze all' }).first().hover();
  await settle();
  expect((await totals(editor))[1]).toBe('0');
  await page.mouse.move(10, 300);
  await settle();
  expect(await totals(editor)).toEqual(before);
  expect(await edits()).toEqual([]);
});

test('by place: up to the selected layer, and from it on', async () => {
  const { page, settle, card } = await open();
  await card('conv1_relu').click();
  await page.keyboard.press('Alt+f');
  await settle();
  await page.getByRole('tab', { name: 'Freeze' }).click();
  await page.locator('vscode-button', { hasText: 'Freeze up to here' }).click();
  await settle();
  expect(rules()).toEqual([{ match: { from: 'conv1_relu' } }, { match: { upTo: 'conv1_relu' } }]);
  expect(host.model().totals.trainable).toBe(0);
});

test('all, none, the other way round, and as the file has it', async () => {
  const { page, settle, card } = await open();
  await card('conv1_conv').click();
  await page.keyboard.press('f');
  await settle();
  const trainable = host.model().totals.trainable;
  await page.keyboard.press('i');
  await settle();
  expect(rules()).toEqual([{ match: { all: true } }, { match: { names: ['conv1_conv'] }, trainable: true }]);
  await page.keyboard.press('i');
  await settle();
  expect(host.model().totals.trainable).toBe(trainable);
  await page.keyboard.press('Shift+U');
  await settle();
  expect(rules()).toEqual([{ match: { all: true }, trainable: true }]);
  await page.getByRole('tab', { name: 'Freeze' }).click();
  await page.locator('vscode-button', { hasText: 'Clear' }).click();
  await settle();
  expect(rules()).toEqual([]);
});

test("BatchNormalization: its policy is the recipe's, inference the training's", async () => {
  const { page, settle, view } = await openFreezePage();
  const radio = (name: string) => page.getByRole('radio', { name });
  expect(await radio('Follows its layer').isChecked()).toBe(true);
  await radio('Stays trainable').click();
  await settle();
  expect(rules()).toEqual([{ match: { kind: 'BatchNormalization' }, trainable: true }]);
  expect(await radio('Stays trainable').isChecked()).toBe(true);
  await radio('Inference').click();
  await settle();
  expect(rules()).toEqual([]);
  expect((await view.postsOf('training')).at(-1)?.form.batchNorm).toBe('inference');
  expect(await radio('Inference').isChecked()).toBe(true);
  await radio('Follows its layer').click();
  await settle();
  expect((await view.postsOf('training')).at(-1)?.form.batchNorm).toBe('train');
});

describe('rules', () => {
  const three = [
    { match: { all: true as const } },
    { match: { regex: '^conv4' }, trainable: true },
    { match: { names: ['predictions'] }, trainable: true },
  ];

  test('are switched, slowed, moved by keys and by hand, and taken away', async () => {
    const editor = await openFreezePage();
    const { page, settle, view } = editor;
    host.answer({ type: 'edit', edit: { type: 'setFreezeRules', rules: three } });
    for (const message of host.greeting()) await view.send(message);
    const list = page.getByRole('list', { name: 'Freeze rules' });
    await list.getByRole('listitem').nth(2).waitFor();
    await list.getByRole('button', { name: 'Freeze instead: Unfreeze predictions' }).click();
    await settle();
    expect(rules()[2]).toEqual({ match: { names: ['predictions'] } });
    const rate = list.getByRole('textbox', { name: 'Share of the learning rate' });
    await rate.fill('0.5');
    await rate.press('Enter');
    await settle();
    expect(rules()[1]).toEqual({ ...three[1], learningRateMultiplier: 0.5 });
    await list.getByRole('button', { name: 'Move: Freeze predictions' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await settle();
    expect(rules().map(({ match }) => Object.keys(match)[0])).toEqual(['all', 'names', 'regex']);
    // The focus went with it.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Move: Freeze predictions',
    );
    await view.screenshot('freeze-rules');
    const from = await list.getByRole('button', { name: 'Move: Freeze predictions' }).boundingBox();
    const to = await list.getByRole('listitem').last().boundingBox();
    if (!from || !to) throw new Error('the rules are not on the page');
    await page.mouse.move(from.x + 8, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 8, to.y + to.height - 2, { steps: 6 });
    await page.mouse.up();
    await settle();
    expect(rules().map(({ match }) => Object.keys(match)[0])).toEqual(['all', 'regex', 'names']);
    await list.getByRole('button', { name: 'Move: Freeze predictions' }).focus();
    await page.keyboard.press('Delete');
    await settle();
    expect(rules()).toHaveLength(2);
  });
});

test('sets are kept under names, marked, switched to, renamed and deleted', async () => {
  const { page, settle, view } = await openFreezePage();
  const sets = page.getByRole('region', { name: 'Freeze sets' });
  const name = sets.getByRole('textbox', { name: 'Name for the present rules' });
  const save = async (text: string) => {
    await name.fill(text);
    await name.press('Enter');
    await settle();
  };
  await page.locator('vscode-button', { hasText: 'Freeze all' }).first().click();
  await settle();
  await save('all but nothing');
  await page.locator('vscode-button', { hasText: 'Clear' }).click();
  await settle();
  await save('as it came');
  const pressed = sets.locator('[aria-pressed="true"]');
  expect(await pressed.allTextContents()).toEqual(['as it came']);
  await sets.getByRole('button', { name: 'all but nothing', exact: true }).click();
  await settle();
  expect(rules()).toEqual([{ match: { all: true } }]);
  expect(await pressed.allTextContents()).toEqual(['all but nothing']);
  await view.screenshot('freeze-sets');
  await sets.getByRole('button', { name: 'all but nothing', exact: true }).press('F2');
  const renamed = sets.getByRole('textbox', { name: 'New name of all but nothing' });
  await renamed.fill('everything');
  await renamed.press('Enter');
  await settle();
  expect(Object.keys(host.recipe.freezeSets ?? {})).toEqual(['everything', 'as it came']);
  await sets.getByText('as it came').hover();
  await sets.getByRole('button', { name: 'Delete as it came' }).click();
  await settle();
  expect(Object.keys(host.recipe.freezeSets ?? {})).toEqual(['everything']);
});

describe('selecting', () => {
  test('Shift takes all on the way, and leaves where one goes on from', async () => {
    const { card, selected } = await open();
    await card('conv1_conv').click();
    await card('conv1_relu').click({ modifiers: ['Shift'] });
    expect(await selected()).toEqual(['conv1_conv', 'conv1_bn', 'conv1_relu']);
    await card('conv1_bn').click({ modifiers: ['Shift'] });
    expect(await selected()).toEqual(['conv1_conv', 'conv1_bn']);
  });

  test('of a kind, of all before and of all after, by keys and at the pointer', async () => {
    const { page, card } = await open();
    const layers = residualNet().layers;
    await card('conv1_conv').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Select all Conv2D' }).click();
    const convolutions = layers.filter(({ kind }) => kind === 'Conv2D').length;
    await page.getByRole('heading', { name: `${convolutions} layers` }).waitFor();
    await card('conv1_relu').click();
    await page.keyboard.press('[');
    await page.getByRole('heading', { name: '4 layers' }).waitFor();
    await card('conv1_relu').click();
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: `${layers.length - 3} layers` }).waitFor();
  });

  test('the lock of a card turns with one click, and selects nothing', async () => {
    const { card, settle, selected } = await open();
    await card('conv1_conv').hover();
    await card('conv1_conv').locator('.lock-badge').click();
    await settle();
    expect(rules()).toEqual([{ match: { names: ['conv1_conv'] } }]);
    await card('conv1_conv').locator('.lock-badge').click();
    await settle();
    expect(rules()).toEqual([{ match: { names: ['conv1_conv'] }, trainable: true }]);
    expect(await selected()).toEqual([]);
  });

  test('a line has a menu of its own', async () => {
    const { page, card, settle, view } = await open();
    const above = await card('conv1_conv').boundingBox();
    const below = await card('conv1_bn').boundingBox();
    if (!above || !below) throw new Error('the cards are not on the page');
    // Its plus is under the pointer by then.
    await page.mouse.move(above.x + above.width / 2 + 3, (above.y + above.height + below.y) / 2);
    await page.getByRole('button', { name: 'Insert a layer here' }).click({ button: 'right' });
    const menu = page.getByRole('menu', { name: 'At this tensor' });
    await menu.getByRole('menuitem', { name: 'Insert here…' }).waitFor();
    await view.screenshot('edge-menu');
    await menu.getByRole('menuitem', { name: 'Freeze up to conv1_conv' }).click();
    await settle();
    expect(rules()).toEqual([{ match: { upTo: 'conv1_conv' } }]);
    expect(await menu.count()).toBe(0);
  });
});

test('every shortcut is listed by "?"', async () => {
  const { page, view } = await open();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByText('Freeze from here').waitFor();
  await view.screenshot('shortcuts');
  expect(await view.accessibilityFindings()).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await sheet.count()).toBe(0);
});

test.each(['dark', 'light', 'contrast'] as const)('the page in %s', async (theme) => {
  const { page, settle, view } = await openFreezePage(residualNet(), { theme, width: 1280, height: 1700 });
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await settle();
  await page.getByRole('textbox', { name: 'Regular expression' }).fill('^conv4_block1');
  await page.locator('vscode-button', { hasText: 'Train at 0.1×' }).click();
  await settle();
  const name = page.getByRole('textbox', { name: 'Name for the present rules' });
  await name.fill('first stage');
  await name.press('Enter');
  await settle();
  await view.screenshot(`freeze-${theme}`);
  expect(await view.accessibilityFindings()).toEqual([]);
});
