import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { residualNet } from '../support/models';

const pages = editorPages();
let host: EditorHost;

const OPERATIONS: readonly Operation[] = [
  { op: 'cut', after: 'avg_pool' },
  { op: 'append', after: 'avg_pool', layers: [{ kind: 'Dense', name: 'head', config: { units: 3 } }] },
  { op: 'rename', layer: 'conv1_conv', to: 'stem' },
];

async function openRecipe(
  operations: readonly Operation[] = OPERATIONS,
  options?: OpenOptions,
): Promise<EditorSession> {
  host = new EditorHost(residualNet(), 'resnet_small.h5');
  host.donors.set('donor.h5', residualNet([2, 2, 2], 7));
  for (const operation of operations) host.answer({ type: 'edit', edit: { type: 'operate', operation } });
  const session = await pages.open(host, options);
  await session.page.getByRole('tab', { name: 'Recipe' }).click();
  return session;
}

const steps = () => host.recipe.operations.map(({ op }) => op);

describe('the steps', () => {
  test('are moved by keys and by hand; a move that the others do not allow is refused with the reason', async () => {
    const { page, settle, edits } = await openRecipe();
    const list = page.getByRole('list', { name: 'Operations' });
    expect(await list.locator('.ordered-text').allTextContents()).toEqual([
      'Cut after avg_pool',
      'Append head after avg_pool',
      'Rename conv1_conv to stem',
    ]);
    await list.getByRole('button', { name: 'Move: Rename conv1_conv to stem' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await settle();
    expect(steps()).toEqual(['cut', 'rename', 'append']);
    await page.keyboard.press('Alt+ArrowUp');
    await settle();
    expect(steps()).toEqual(['rename', 'cut', 'append']);

    const grip = await list.getByRole('button', { name: 'Move: Append head after avg_pool' }).boundingBox();
    const first = await list.getByRole('listitem').first().boundingBox();
    if (!grip || !first) throw new Error('the steps are not on the page');
    await page.mouse.move(grip.x + 8, grip.y + 8);
    await page.mouse.down();
    await page.mouse.move(grip.x + 8, first.y + 2, { steps: 6 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await edits()).toHaveLength(2);
    await page.mouse.move(grip.x + 8, grip.y + 8);
    await page.mouse.down();
    await page.mouse.move(grip.x + 8, first.y + 2, { steps: 6 });
    await page.mouse.up();
    await settle();
    expect((await edits()).at(-1)).toEqual({ type: 'moveOperation', at: 2, to: 0 });
    // Appending before the cut would have the head cut away: that, or the replay's reason, is what is shown.
    const refused = await page.getByRole('alert').count();
    expect(refused === 1 ? steps() : steps().at(0)).toEqual(
      refused === 1 ? ['rename', 'cut', 'append'] : 'append',
    );
  });

  test('that others need are not deleted, and the reason names the step that does', async () => {
    const { page, settle, view } = await openRecipe([
      ...OPERATIONS,
      { op: 'configure', layer: 'stem', config: { filters: 8 } },
    ]);
    await page.getByText('Rename conv1_conv to stem').hover();
    await page.getByRole('button', { name: 'Delete: Rename conv1_conv to stem' }).click();
    await settle();
    await page.getByRole('alert').getByText('Set filters of stem: no layer is named "stem"').waitFor();
    expect(steps()).toEqual(['cut', 'append', 'rename', 'configure']);
    await view.screenshot('recipe-refused');
  });

  test('are switched off and on, and deleted', async () => {
    const { page, settle } = await openRecipe();
    await page.getByText('Rename conv1_conv to stem').hover();
    await page.getByRole('button', { name: 'Switch off: Rename conv1_conv to stem' }).click();
    await settle();
    expect(host.recipe.operations[2]).toMatchObject({ op: 'rename', disabled: true });
    expect(await page.locator('.ordered-item[data-off]').count()).toBe(1);
    await page.getByRole('button', { name: 'Switch on: Rename conv1_conv to stem' }).click();
    await settle();
    expect(host.recipe.operations[2]).toEqual(OPERATIONS[2]);
    await page.getByRole('button', { name: 'Move: Rename conv1_conv to stem' }).focus();
    await page.keyboard.press('Delete');
    await settle();
    expect(steps()).toEqual(['cut', 'append']);
  });

  test('are edited as JSON: what is wrong is said while it is written', async () => {
    const { page, settle, view, edits } = await openRecipe();
    await page.getByText('Append head after avg_pool').hover();
    await page.getByRole('button', { name: 'Edit as JSON: Append head after avg_pool' }).click();
    const area = page.getByRole('textbox', { name: 'The step as JSON: Append head after avg_pool' });
    const note = page.locator('.step-editor .field-note');
    await area.fill('{ "op": "append"');
    await note.getByText('not JSON').waitFor();
    const typed = async (step: object) => {
      const from = (await view.posts()).length;
      await area.fill(JSON.stringify(step));
      // Asked a moment after the last key.
      await view.nextPost('preview', from);
      await settle();
    };
    await typed({ op: 'append', after: 'avg_pool', layer: [] });
    await note.getByText('layers: is missing, expected a list in [ ]; layer: no such field').waitFor();
    await view.screenshot('recipe-edit-wrong');
    expect(await view.accessibilityFindings()).toEqual([]);
    await typed({ op: 'append', after: 'nowhere', layers: [{ kind: 'Dense', config: { units: 9 } }] });
    await note.getByText('no layer is named "nowhere"').waitFor();
    const before = await page.locator('.totals dd').allTextContents();
    const right = {
      op: 'append',
      after: 'avg_pool',
      layers: [{ kind: 'Dense', name: 'head', config: { units: 9 } }],
    };
    await typed(right);
    expect(await page.locator('.totals dd').allTextContents()).not.toEqual(before);
    expect(await edits()).toEqual([]);
    await area.press('Control+Enter');
    await settle();
    expect(host.recipe.operations[1]).toEqual(right);
    expect(await area.count()).toBe(0);
  });
});

test('a warm start says below its step what matched, and opened what did not and why', async () => {
  const { page, view } = await openRecipe([{ op: 'warmStart', from: 'donor.h5' }]);
  const total = host.model().layers.reduce((sum, { weights }) => sum + weights.length, 0);
  const summary = page.getByText(`${total - 2} of ${total} weights matched`);
  await summary.click();
  await page.getByText('predictions/kernel').first().waitFor();
  await page.getByText('found 64×7, expected 64×10').waitFor();
  await view.screenshot('recipe-warm-start');
  expect(await view.accessibilityFindings()).toEqual([]);
});

test.each(['light', 'contrast'] as const)('the page in %s', async (theme) => {
  const { page, view, settle } = await openRecipe(OPERATIONS, { theme });
  await page.getByText('Cut after avg_pool').hover();
  await page.getByRole('button', { name: 'Edit as JSON: Cut after avg_pool' }).click();
  await settle();
  await view.screenshot(`recipe-${theme}`);
  expect(await view.accessibilityFindings()).toEqual([]);
});
