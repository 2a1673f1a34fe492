import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recipeSchema } from '../../src/core/surgery/recipe';
import { repository } from '../support/python';
import { writeResidualModel } from './support/residualModel';
import { SurgeryPage } from './support/surgeryPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** All that the editor does, by mouse and then by keyboard alone: each test goes on where the one before it stopped. */

const root = mkdtempSync(path.join(os.tmpdir(), 'editor-'));
const workspace = path.join(root, 'workspace');
const at = (name: string) => path.join(workspace, name);

let testbed: Testbed;
let workbench: Workbench;
let page: SurgeryPage;

beforeAll(async () => {
  mkdirSync(workspace);
  await writeResidualModel(at('net.h5'), [2, 2, 3, 2], 10);
  cpSync(at('net.h5'), at('keys.h5'));
  await writeResidualModel(at('donor.h5'), [1, 1], 4);
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.setTheme('dark');
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

describe('by mouse', () => {
  it('opens a deep model collapsed to its stages', async () => {
    await workbench.openFile('donor.h5');
    await SurgeryPage.inFront(workbench);
    await workbench.openFile('net.h5');
    await workbench.expectInFront('net.h5');
    page = await SurgeryPage.inFront(workbench);
    await page.editor.expectLayers(77);
    await workbench.screenshot('vscode-surgery-collapsed');
  });

  it('expands a stage, selects in a box, on the way and by kind', async () => {
    expect(await page.boxes()).toEqual(['Stage 1', 'Stage 2', 'Stage 3', 'Stage 4']);
    await page.box('Stage 2').locator('.box-open').click();
    const first = await page.placeOf(page.box('conv3_block1'));
    const last = await page.placeOf(page.box('conv3_block2'));
    const { mouse, keyboard } = workbench.page;
    await keyboard.down('Shift');
    await mouse.move(first.x - 60, first.y - 12);
    await mouse.down();
    await mouse.move(last.x + last.width + 40, last.y + last.height + 12, { steps: 8 });
    await mouse.up();
    await keyboard.up('Shift');
    await page.expectSelected('16 layers');

    await page.box('conv3_block2').dblclick();
    await page.button('Zoom to the selection').click();
    await page.card('conv3_block2_1_conv').click();
    await page.card('conv3_block2_1_relu').click({ modifiers: ['Shift'] });
    await page.expectSelected('3 layers');
    await page.card('conv3_block2_1_conv').click({ button: 'right' });
    await page.frame.getByRole('menuitem', { name: 'Select all before' }).waitFor();
    await workbench.screenshot('vscode-surgery-menu');
    await page.frame.locator('.canvas').click({ position: { x: 5, y: 5 } });
  });

  it('freezes by stage, expression, group and policy, and keeps sets of it', async () => {
    await page.edit(async () => {
      await page.tab('Freeze');
      const slider = await page.placeOf(page.frame.getByRole('slider'));
      const { mouse } = workbench.page;
      await mouse.move(slider.x + 3, slider.y + slider.height / 2);
      await mouse.down();
      await mouse.move(slider.x + slider.width / 2, slider.y + slider.height / 2, { steps: 5 });
      await page.frame.locator('.totals-preview').waitFor();
      await workbench.screenshot('vscode-surgery-freeze');
      await mouse.up();
    });
    await page.tab('Freeze');
    await page.field('Name for the present rules').fill('half');
    await page.section('Freeze sets').locator('vscode-button', { hasText: 'Save' }).click();
    await page.section('Freeze sets').getByRole('button', { name: 'half', exact: true }).waitFor();

    await page.edit(async () => {
      await page.tab('Freeze');
      await page.field('Regular expression over layer names').fill('^conv5_block1');
      await page.frame.getByText(/^\d+ layers of 77 matched$/).waitFor();
      await page
        .section('By name')
        .locator('vscode-button', { hasText: /^\s*Freeze \d+/ })
        .click();
    });
    await page.edit(async () => {
      await page.tab('Freeze');
      await page.section('By group').locator('vscode-button', { hasText: 'Unfreeze' }).click();
    });
    await page.edit(async () => {
      await page.tab('Freeze');
      await page.frame.getByRole('radio', { name: 'Stays trainable' }).click();
    });
    const all = await page.state();
    await page.edit(async () => {
      await page.tab('Freeze');
      await page.section('Freeze sets').getByRole('button', { name: 'half', exact: true }).click();
    });
    expect(await page.state()).not.toBe(all);
  });

  it('inserts on a line, and replaces', async () => {
    await page.edit(async () => {
      await page.editor.select('conv3_block2_1_bn');
      const above = await page.placeOf(page.card('conv3_block2_1_bn'));
      const below = await page.placeOf(page.card('conv3_block2_1_relu'));
      const { mouse } = workbench.page;
      await mouse.move(above.x + above.width / 2 + 4, (above.y + above.height + below.y) / 2, { steps: 3 });
      await page.frame.locator('.insert-handle').click();
      await page.frame.getByRole('dialog', { name: 'Insert a layer' }).waitFor();
      await page.frame.getByRole('option', { name: 'Dropout', exact: true }).click();
      await page.field('rate').fill('0.25');
      await workbench.screenshot('vscode-surgery-insert');
      await page.frame.locator('.layer-confirm').click();
    });
    await page.editor.expectLayers(78);
    await page.edit(async () => {
      await page.editor.select('predictions');
      await page.tab('Inspect');
      await page.button('Replace with another kind…').click();
      await page.frame.getByRole('option', { name: 'Dense', exact: true }).click();
      await page.field('units').fill('3');
      await page.frame.locator('.weight-fates').waitFor();
      await page.frame.locator('.layer-confirm').click();
    });
  });

  it('grafts from another model of the workspace', async () => {
    await page.edit(async () => {
      await page.editor.select('conv3_block2_out');
      await page.card('conv3_block2_out').click({ button: 'right' });
      await page.frame.getByRole('menuitem', { name: 'Graft from another model…' }).click();
      await page.button('donor.h5').click();
      await page.frame.locator('.seam').waitFor();
      await page.button(/^From/).click();
      await page.frame.getByRole('option', { name: /^avg_pool/ }).click();
      await page.frame.locator('.seam[data-fits=true]').waitFor();
      await workbench.screenshot('vscode-surgery-graft');
      await page.frame.locator('.donor-confirm').click();
    });
  });

  it('starts warm from a file, takes another input, configures and renames', async () => {
    await page.edit(async () => {
      await page.command('Warm Start From a File…');
      // The donor of the graft is still at hand.
      await page.frame.locator('vscode-button', { hasText: 'Change…' }).click();
      await page.frame.locator('vscode-button', { hasText: 'Choose a file…' }).click();
      await page.chooseFile(at('donor.h5'));
      await page.field('Layers').fill('^conv1');
      await page.frame.getByText(/^5 of 5 weights matched/).waitFor();
      await workbench.screenshot('vscode-surgery-warm');
      await page.frame.locator('.warm-confirm').click();
    });
    await page.edit(async () => {
      await page.command('Change Input Shape…');
      await page.field('Height').fill('96');
      await page.field('Width').fill('96');
      await page.frame.locator('.preview-box').waitFor();
      await page.frame.locator('.shape-confirm').click();
    });
    await page.edit(async () => {
      await page.editor.select('dropout');
      await page.tab('Inspect');
      await page.field('rate').fill('0.5');
      await page.field('rate').press('Enter');
    });
    await page.edit(async () => {
      await page.editor.select('dropout');
      await page.tab('Inspect');
      await page.button('Rename').click();
      await page.field('Name of the layer').fill('thinner');
      await page.field('Name of the layer').press('Enter');
    });
  });

  it('looks into weights, and shows their spread on the cards', async () => {
    await page.editor.select('conv1_conv');
    await page.tab('Inspect');
    await page.frame.getByRole('button', { name: 'Look into the weights' }).click();
    await page.frame.locator('.filters canvas').waitFor();
    await page.frame
      .getByRole('img', { name: /^Histogram of/ })
      .first()
      .waitFor();
    await page.button('Show on the cards…').click();
    await page.frame.getByRole('menuitemradio', { name: 'Weight spread' }).click();
    await page.frame.locator('.layer-mark').first().waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`vscode-surgery-${theme}`);
    }
    await page.button('Turn the overlay off').click();
    await page.frame.getByRole('button', { name: 'Show shapes alone' }).click();
  });

  it('sorts, filters and copies the summary', async () => {
    await page.button('Summary as Keras prints it').click();
    const title = page.frame.getByRole('columnheader', { name: 'Param #' });
    await title.getByRole('button').click();
    await title.getByRole('button').click();
    expect(await title.getAttribute('aria-sort')).toBe('descending');
    await page.frame.locator('.summary-filter input').fill('thinner');
    await page.frame.getByText(/^1 of \d+ layers$/).waitFor();
    await page.frame.getByRole('row').filter({ hasText: 'thinner (' }).click();
    await workbench.screenshot('vscode-surgery-summary');
    await page.frame.locator('vscode-button', { hasText: 'Copy selection' }).click();
    await expect
      .poll(() => workbench.page.evaluate(() => navigator.clipboard.readText()))
      .toContain('thinner (Dropout)');
    await page.frame.locator('vscode-button', { hasText: 'Back to the graph' }).click();
  });

  it('shows what changed, and draws the graph into a file', async () => {
    await page.button('Show what changed since the file').click();
    await page.frame.locator('.diff-chip[data-status=removed]').waitFor();
    await page.button('Next change').click();
    await page.frame.locator('.diff-name').waitFor();
    await workbench.screenshot('vscode-surgery-diff');
    await page.button('End the comparison').first().click();

    await page.button('Export picture…').click();
    await page.frame.getByRole('dialog', { name: 'Export picture' }).getByText('Save as…').click();
    await workbench.page
      .locator('.quick-input-widget')
      .getByRole('button', { name: 'OK', exact: true })
      .click();
    await workbench.notification('Saved net.svg.');
    await workbench.closeNotifications();
    const wrong = await workbench.page.evaluate(
      (text) =>
        new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent,
      readFileSync(at('net.svg'), 'utf8'),
    );
    expect(wrong).toBeUndefined();
  });

  it('switches steps off, moves and deletes them', async () => {
    await page.tab('Recipe');
    const steps = page.frame.getByRole('list', { name: 'Operations' });
    const labels = await steps.locator('.ordered-text').allTextContents();
    const input = labels.find((label) => /input/i.test(label)) ?? '';
    await page.edit(async () => {
      await steps.getByText(input).hover();
      await page.button(`Switch off: ${input}`).click();
    });
    await page.edit(async () => {
      const grip = await page.placeOf(page.button(`Move: ${input}`));
      const first = await page.placeOf(steps.getByRole('listitem').first());
      const { mouse } = workbench.page;
      await mouse.move(grip.x + 8, grip.y + 8);
      await mouse.down();
      await mouse.move(grip.x + 8, first.y + 2, { steps: 8 });
      await workbench.screenshot('vscode-surgery-recipe');
      await mouse.up();
    });
    await page.edit(async () => {
      await steps.getByText(input).hover();
      await page.button(`Delete: ${input}`).click();
    });
  });

  it('tells of a fault on the node, in the bar and in Problems, and trains not', async () => {
    const { page: window } = workbench;
    await page.edit(async () => {
      await page.editor.select('conv2_block1_2_conv');
      await page.tab('Inspect');
      await page.field('filters').fill('8');
      await page.field('filters').press('Enter');
    });
    await page.button('Next fault').click();
    const card = page.card('conv2_block1_add');
    await card
      .locator('.layer[data-fault=error] .layer-fault')
      .or(card.locator('.layer-fault'))
      .first()
      .waitFor();
    await page.frame.locator('.header-train').click();
    await page.frame.locator('.sheet-problem', { hasText: 'must be mended first' }).waitFor();
    await window.locator('[id="status.problems"]').click();
    await window
      .locator('.markers-panel .monaco-list-row', { hasText: 'conv2_block1_add' })
      .first()
      .waitFor();
    await workbench.screenshot('vscode-surgery-fault');
    await workbench.quickCommand('View: Hide Panel');
    await page.button('Close').click();
    await page.editor.press('Control+z');
    // What the graft left behind is a warning.
    await page.frame.locator('.fault-bar[data-severity=error]').waitFor({ state: 'hidden' });
  });

  it('saves; the command line makes the same bytes of the recipe as the editor', async () => {
    await page.editor.press('Control+s');
    await expect.poll(() => existsSync(at('net.surgery.json'))).toBe(true);
    await page.command('Export…');
    const dialog = workbench.page.locator('.quick-input-widget');
    await dialog.locator('.monaco-list-row', { hasText: 'Keras HDF5' }).click();
    await dialog.getByText('Export as').waitFor();
    await dialog.getByRole('button', { name: 'OK', exact: true }).click();
    await workbench.notification('Exported net-new.h5.');
    await workbench.closeNotifications();
    const recipe = recipeSchema.parse(JSON.parse(readFileSync(at('net.surgery.json'), 'utf8')));
    expect(recipe.operations.map(({ op }) => op)).toEqual([
      ...['insert', 'replace', 'graft', 'warmStart', 'configure', 'rename'],
    ]);
    execFileSync(process.execPath, [
      ...[path.join(repository, 'dist/cli.js'), 'apply', at('net.h5')],
      ...['--recipe', at('net.surgery.json'), '--out', at('line.h5')],
    ]);
    expect(readFileSync(at('line.h5')).equals(readFileSync(at('net-new.h5')))).toBe(true);
  });
});

describe('by keyboard alone', () => {
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };
  const find = async (name: string) => {
    await press('Control+f');
    await expect.poll(() => page.frame.locator('.search vscode-text-field:focus').count()).toBe(1);
    await press('Control+a');
    await workbench.page.keyboard.type(name);
    await page.frame.locator(`.layer[data-selected] [title="${name}"]`).first().waitFor();
    await press('Escape');
  };

  it('opens, finds, walks, expands and collapses', async () => {
    await press('Control+p');
    await workbench.page.locator('.quick-input-widget input.input').waitFor();
    await workbench.page.keyboard.type('keys.h5');
    await workbench.page
      .locator('.quick-input-widget .monaco-list-row', { hasText: 'keys.h5' })
      .first()
      .waitFor();
    await press('Enter');
    await workbench.expectInFront('keys.h5');
    page = await SurgeryPage.inFront(workbench);
    await page.editor.expectLayers(77);
    await find('conv3_block1_add');
    await press('ArrowDown');
    await page.expectSelected('conv3_block1_out');
    await press('Shift+Enter');
    await page.box('conv3_block1').waitFor();
    await press('Enter');
    await page.card('conv3_block1_1_conv').waitFor();
    await press('Home');
    await page.expectSelected('images');
    await press('End');
    await page.expectSelected('predictions');
  });

  it('freezes, cuts and removes, and takes it back', async () => {
    await find('conv3_block1_out');
    await press('Shift+F');
    await expect.poll(() => page.editor.total('Frozen')).toBeGreaterThan(0);
    await press('Control+z');
    await expect.poll(() => page.editor.total('Frozen')).toBe(0);
    await find('avg_pool');
    await press('c');
    await page.editor.expectLayers(76);
    await find('conv3_block1_1_relu');
    await press('Delete');
    await page.editor.expectLayers(75);
    await press('Control+z');
    await page.editor.expectLayers(76);
    await press('Control+z');
    await page.editor.expectLayers(77);
    await press('Control+y');
    await page.editor.expectLayers(76);
  });

  it('lists its keys, and is in the command palette', async () => {
    await press('?');
    const sheet = page.frame.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.waitFor();
    await workbench.screenshot('vscode-surgery-keys');
    await press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await page.command('Freeze by Regular Expression…');
    await expect.poll(() => page.frame.locator('.regex-field vscode-text-field:focus').count()).toBe(1);
    await workbench.page.keyboard.type('^conv1_');
    await press('Tab', 'Enter');
    await expect.poll(() => page.editor.total('Frozen')).toBeGreaterThan(0);
    await page.command('Collapse All');
    await page.box('backbone').waitFor();
    await page.command('Turn the Graph');
    await page.command('Fit Graph to View');
    await workbench.screenshot('vscode-surgery-right');
    await page.command('Show Summary');
    const grid = page.frame.getByRole('grid', { name: 'Layers of the model' });
    await grid.waitFor();
    await press('Escape');
    await grid.waitFor({ state: 'hidden' });
  });
});
