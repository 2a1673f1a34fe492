import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recipeSchema } from '../../src/core/surgery/recipe';
import { repository } from '../support/python';
import { writeResidualModel } from './support/residualModel';
import { Keyboard } from './support/keyboard';
import { SurgeryPage } from './support/surgeryPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** What the tour of editor.test.ts passes by: heads, lines, blocks, ways, drops, several faults, high contrast. */

const root = mkdtempSync(path.join(os.tmpdir(), 'surgery-'));
const workspace = path.join(root, 'workspace');
/** Outside the workspace, so that nobody finds it alone. */
const images = path.join(root, 'insects');
const at = (name: string) => path.join(workspace, name);

let testbed: Testbed;
let workbench: Workbench;
let page: SurgeryPage;

beforeAll(async () => {
  mkdirSync(workspace);
  await writeResidualModel(at('net.h5'), [2, 2], 4);
  cpSync(at('net.h5'), at('keys.h5'));
  await writeResidualModel(at('donor.h5'), [1, 1], 4);
  for (const name of ['ants', 'bees', 'wasps']) {
    mkdirSync(path.join(images, name), { recursive: true });
    copyFileSync(path.join(repository, 'samples/digits-5-9/5/0000.png'), path.join(images, name, '0.png'));
  }
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.setTheme('dark');
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

async function open(file: string): Promise<void> {
  await workbench.openFile(file);
  await workbench.expectInFront(file);
  page = await SurgeryPage.inFront(workbench);
}

const middleOf = async (element: Locator) => {
  const { x, y, width, height } = await page.placeOf(element);
  return { x: x + width / 2, y: y + height / 2 };
};

/** Selects a layer and puts it into the middle of what is seen. */
async function show(name: string): Promise<void> {
  await page.editor.select(name);
  await page.button('Zoom to the selection').click();
}

/** Between two cards of which one is above the other, beside what is drawn on the line itself. */
async function onLine(above: string, below: string) {
  await show(above);
  const [from, to] = [await page.placeOf(page.card(above)), await page.placeOf(page.card(below))];
  return { x: from.x + from.width / 2 + 3, y: (from.y + from.height + to.y) / 2 };
}

describe('by mouse', () => {
  it('chooses how BatchNormalization trains, explained where it is chosen, and keeps the choice', async () => {
    await open('net.h5');
    await page.editor.expectLayers(38);
    await page.tab('Freeze');
    const inference = () => page.frame.getByRole('radio', { name: 'Inference' });
    await inference().check();
    const [explained = ''] = await inference().evaluateAll((radios) =>
      radios.map((radio) => {
        const words = document.getElementById(radio.getAttribute('aria-describedby') ?? '');
        return words?.checkVisibility() ? (words.textContent ?? '') : '';
      }),
    );
    expect(explained).toContain('stored statistics during training');
    await workbench.quickCommand('View: Close Editor');
    await open('net.h5');
    await page.tab('Freeze');
    await expect.poll(() => inference().isChecked()).toBe(true);
    // It is the training's, not the recipe's.
    expect(await workbench.isDirty('net.h5')).toBe(false);
  });

  it('lights the path between two layers, turns the graph, and goes up by the breadcrumbs', async () => {
    const [conv, relu] = [page.card('conv2_block1_1_conv'), page.card('conv2_block1_1_relu')];
    await show('conv2_block1_1_bn');
    await conv.click();
    await relu.click({ modifiers: ['Control'] });
    await page.button('Show the path between two layers').click();
    const lit = page.frame.locator('.layer[data-highlight="hit"] .layer-name > [title]');
    await expect
      .poll(() => lit.allTextContents())
      .toEqual(['conv2_block1_1_conv', 'conv2_block1_1_bn', 'conv2_block1_1_relu']);

    await page.button('Draw from left to right').click();
    await page.button('Draw from top to bottom').waitFor();
    await page.button('Zoom to the selection').click();
    await expect
      .poll(async () => {
        const [from, to] = [await middleOf(conv), await middleOf(relu)];
        return to.x - from.x > 100 && Math.abs(to.y - from.y) < 10;
      })
      .toBe(true);
    await workbench.screenshot('vscode-surgery-path');
    await page.button('End the path').click();
    await expect.poll(() => lit.count()).toBe(0);
    await page.button('Draw from top to bottom').click();

    await page.editor.select('conv2_block1_1_conv');
    const crumbs = page.frame.getByRole('navigation', { name: 'Where the selection is' });
    await crumbs.getByText('conv2_block1_1_conv', { exact: true }).waitFor();
    await crumbs.getByRole('button', { name: 'conv2_block1', exact: true }).click();
    await page.tab('Inspect');
    await page.expectSelected('9 layers');
  });

  it('grafts a head: what each pooling costs, as many classes as the data has', async () => {
    await page.edit(async () => {
      await page.editor.select('conv3_block2_out');
      await page.editor.act('graftHead');
      const costs = page.frame.locator('.choice-cost');
      await expect
        .poll(() => costs.evaluateAll((found) => found.map((cost) => cost.getAttribute('title'))))
        .toEqual(['132 new parameters', '132 new parameters', '131,076 new parameters']);
      await page.frame.getByRole('button', { name: 'Match my data' }).click();
      await page.chooseFile(images);
      await expect.poll(() => page.field('Classes').inputValue()).toBe('3');
      await page.frame.getByRole('radio', { name: 'Global max' }).check();
      await page.field('Hidden units').fill('8');
      await page.frame.locator('.sheet-total', { hasText: '291 new parameters' }).waitFor();
      await workbench.screenshot('vscode-surgery-head');
      await page.frame.locator('.graft-confirm').click();
    });
    await page.editor.expectLayers(40);
  });

  it('removes a residual block, and several layers at once', async () => {
    await page.edit(async () => {
      await show('conv2_block2_add');
      await page.card('conv2_block2_add').click({ button: 'right' });
      await page.frame.getByRole('menuitem', { name: 'Remove the block' }).click();
    });
    await page.editor.expectLayers(34);
    await page.edit(async () => {
      await show('conv3_block2_1_bn');
      await page.card('conv3_block2_1_relu').click({ modifiers: ['Control'] });
      await page.tab('Inspect');
      await page.expectSelected('2 layers');
      await page.editor.act('remove');
    });
    await page.editor.expectLayers(32);
  });

  it('acts on a line by its menu, and inserts where its middle is dragged', async () => {
    const { mouse } = workbench.page;
    await page.edit(async () => {
      const { x, y } = await onLine('conv2_block1_1_conv', 'conv2_block1_1_bn');
      await mouse.click(x, y, { button: 'right' });
      const menu = page.frame.getByRole('menu', { name: 'At this tensor' });
      await menu.getByRole('menuitem', { name: 'Cut after conv2_block1_1_conv' }).waitFor();
      await workbench.screenshot('vscode-surgery-line');
      await menu.getByRole('menuitem', { name: 'Freeze up to conv2_block1_1_conv' }).click();
    });
    await page.edit(async () => {
      const { x, y } = await onLine('conv2_block1_1_conv', 'conv2_block1_1_bn');
      await mouse.move(x - 40, y);
      await mouse.move(x, y, { steps: 4 });
      const plus = await middleOf(page.frame.locator('.insert-handle'));
      await mouse.move(plus.x, plus.y);
      await mouse.down();
      await mouse.move(plus.x + 90, plus.y + 10, { steps: 6 });
      await mouse.up();
      await page.frame.getByRole('dialog', { name: 'Insert a layer' }).waitFor();
      await page.frame.getByText('After conv2_block1_1_conv').waitFor();
      await page.frame.getByRole('option', { name: 'Dropout', exact: true }).click();
      await page.field('rate').fill('0.25');
      await page.frame.locator('.layer-confirm').click();
    });
    await page.editor.expectLayers(33);
  });

  it('grafts from a file that is dropped on the graph with Shift, as VS Code asks for', async () => {
    const { page: window } = workbench;
    await page.edit(async () => {
      await page.editor.select('conv3_block2_out');
      const row = window.locator('.explorer-folders-view .monaco-list-row', { hasText: 'donor.h5' });
      const from = await page.placeOf(row);
      const to = await page.placeOf(page.frame.locator('.canvas'));
      await window.mouse.move(from.x + 40, from.y + 10);
      await window.mouse.down();
      await window.mouse.move(from.x + 60, from.y + 16, { steps: 4 });
      await window.mouse.move(to.x + 200, to.y + 200, { steps: 8 });
      await window.getByText(/Hold\s*Shift\s*to drop into editor/).waitFor();
      await window.keyboard.down('Shift');
      await expect
        .poll(async () => {
          await window.mouse.move(to.x + 200 + Math.random() * 60, to.y + 240, { steps: 3 });
          return page.frame.locator('.canvas[data-dropping]').count();
        })
        .toBe(1);
      await workbench.screenshot('vscode-surgery-drop');
      await window.mouse.up();
      await window.keyboard.up('Shift');
      const sheet = page.frame.getByRole('dialog', { name: 'Graft from another model' });
      await sheet.getByText('Keras HDF5, 24 layers').waitFor();
      await page.frame.locator('.seam[data-fits=true]').waitFor();
      await page.frame.locator('.donor-confirm').click();
    });
    await page.editor.expectLayers(32);
  });

  it('tells of several faults, goes through them, and does not train while one is left', async () => {
    const { page: window } = workbench;
    const bar = page.frame.locator('.fault-bar');
    // On two ways beside each other: what comes after a fault has no shapes to find fault with.
    const broken = ['conv2_block1_1_bn', 'conv2_block1_0_bn'];
    for (const name of broken) {
      await page.editor.select(name);
      await page.tab('Inspect');
      await page.field('axis').fill('7');
      await page.field('axis').press('Enter');
      await page.card(name).locator('.layer-fault').waitFor();
    }
    await bar.getByText(/^2 faults/).waitFor();
    await page.frame.locator('.canvas').click({ position: { x: 5, y: 5 } });
    const said = async (button: string, place: RegExp) => {
      await page.button(button).click();
      await bar.getByText(place).waitFor();
      return bar.locator('.fault-bar-text').innerText();
    };
    const [first, second] = [await said('Next fault', /^1 of/), await said('Next fault', /^2 of/)];
    expect(broken.every((name) => `${first} ${second}`.includes(name))).toBe(true);
    expect(await said('Previous fault', /^1 of/)).toBe(first);

    await window.locator('[id="status.problems"]').click();
    const problems = window.locator('.markers-panel .monaco-list-row');
    for (const name of broken) {
      await problems.filter({ hasText: name }).first().waitFor();
    }
    await page.frame.locator('.header-train').click();
    await page.frame.locator('.sheet-problem', { hasText: '2 faults in the model must be mended' }).waitFor();
    await page.frame.locator('.train-start[disabled]').waitFor();
    await page.frame.locator('.sheet-problem').scrollIntoViewIfNeeded();
    await workbench.screenshot('vscode-surgery-faults');
    await page.button('Close').click();
    await page.editor.press('Control+z');
    await page.editor.press('Control+z');
    await page.frame.locator('.fault-bar[data-severity=error]').waitFor({ state: 'hidden' });
    await expect.poll(() => problems.filter({ hasText: broken[0] }).count()).toBe(0);
    await workbench.quickCommand('View: Hide Panel');
  });
});

describe('by keyboard alone', () => {
  let keyboard: Keyboard;
  beforeAll(() => {
    keyboard = new Keyboard(workbench.page);
  });
  const press = (...keys: readonly string[]) => keyboard.press(...keys);
  const type = (text: string) => keyboard.type(text);
  const palette = (title: string) => keyboard.command(`Model Surgery: ${title}`);

  it('finds, freezes, grafts, undoes and saves', async () => {
    await keyboard.open('keys.h5');
    await workbench.expectInFront('keys.h5');
    page = await SurgeryPage.inFront(workbench);
    await page.editor.expectLayers(38);

    await palette('Find Layer…');
    await expect.poll(() => page.frame.locator('.search vscode-text-field:focus').count()).toBe(1);
    await type('conv3_block2_out');
    await page.frame.locator('.layer[data-selected] [title="conv3_block2_out"]').waitFor();
    await press('Escape');
    await palette('Freeze Up to Here');
    await expect.poll(() => page.editor.total('Trainable')).toBe(132);

    await palette('Graft Head…');
    const sheet = page.frame.getByRole('dialog', { name: 'Graft a head' });
    await expect.poll(() => sheet.locator('.sheet-body:focus').count()).toBe(1);
    await press('Tab', 'ArrowDown');
    await expect.poll(() => page.frame.getByRole('radio', { name: 'Global max' }).isChecked()).toBe(true);
    await press('Tab', 'Control+a');
    await type('7');
    await expect.poll(() => page.field('Classes').inputValue()).toBe('7');
    const confirm = page.frame.locator('.graft-confirm:focus');
    for (let tabs = 0; tabs < 12 && (await confirm.count()) === 0; tabs++) await press('Tab');
    await press('Enter');
    await expect.poll(() => page.editor.total('Trainable')).toBe(231);
    await press('Control+z');
    await expect.poll(() => page.editor.total('Trainable')).toBe(132);
    await press('Control+s');
    await expect.poll(() => existsSync(at('keys.surgery.json'))).toBe(true);
    await expect.poll(() => workbench.isDirty('keys.h5')).toBe(false);
    const recipe = recipeSchema.parse(JSON.parse(readFileSync(at('keys.surgery.json'), 'utf8')));
    expect(recipe.operations).toEqual([]);
    expect(recipe.freeze).toEqual([{ match: { upTo: 'conv3_block2_out' } }]);
  });

  it('undoes as often as it is told to, however fast', async () => {
    const first = await page.state();
    for (const name of ['conv1_conv', 'conv2_block1_1_conv', 'conv3_block1_1_conv']) {
      const before = await page.state();
      await page.editor.select(name);
      await press('u');
      await expect.poll(() => page.state()).not.toBe(before);
    }
    const last = await page.state();
    // Not waited for one by one: VS Code refuses an undo while another goes on.
    const thrice = (keys: string) => Promise.all([keys, keys, keys].map((one) => press(one)));
    await thrice('Control+z');
    await expect.poll(() => page.state()).toBe(first);
    await thrice('Control+y');
    await expect.poll(() => page.state()).toBe(last);
  });
});

describe('in high contrast', () => {
  it.each([
    ['contrast-dark', 'vscode-high-contrast'],
    ['contrast-light', 'vscode-high-contrast-light'],
  ] as const)('is drawn in the colours of %s', async (theme, kind) => {
    await workbench.setTheme(theme);
    await page.frame.locator(`body.${kind}`).waitFor();
    await page.editor.select('conv3_block2_1_bn');
    await page.tab('Freeze');
    await page.frame.getByRole('radio', { name: 'Inference' }).scrollIntoViewIfNeeded();
    await workbench.screenshot(`vscode-surgery-${theme}`);
    // VS Code's contrast border is around what has a border of its own colour elsewhere.
    const colours = await page
      .card('conv3_block2_1_bn')
      .locator('.layer')
      .evaluate((card) => [
        getComputedStyle(card).getPropertyValue('--card-border').trim(),
        getComputedStyle(card).getPropertyValue('--vscode-contrastBorder').trim(),
      ]);
    expect(colours[0]).toBe(colours[1]);
  });
});
