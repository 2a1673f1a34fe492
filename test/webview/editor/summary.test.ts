import { expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { printSummary } from '../../../src/core/summary/printSummary';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { longNet, residualNet } from '../support/models';

const pages = editorPages();
let host: EditorHost;

async function openSummary(graph: LayerGraph = residualNet(), options?: OpenOptions) {
  host = new EditorHost(graph, `${graph.name}.h5`);
  const session = await pages.open(host, options);
  const { page, view, settle } = session;
  await view.send({ type: 'command', command: 'summary' });
  const grid = page.getByRole('grid', { name: 'Layers of the model' });
  await grid.waitFor();
  const row = (name: string) => grid.locator('[role=row]').filter({ hasText: `${name} (` });
  /** Names in the first rows mounted. */
  const first = async () =>
    (await grid.locator('.summary-body [data-column=layer]').allTextContents()).slice(0, 3);
  const chosen = () => grid.locator('[aria-selected=true] [data-column=layer]').allTextContents();
  return { ...session, grid, row, first, chosen, page, view, settle };
}

test('is a grid in the order of the graph, sorted by its titles', async () => {
  const { page, grid, row, first, view } = await openSummary();
  expect(await grid.getAttribute('aria-rowcount')).toBe(String(host.graph.layers.length + 1));
  expect(await first()).toEqual([
    'images (InputLayer)',
    'conv1_conv (Conv2D)',
    'conv1_bn (BatchNormalization)',
  ]);
  const cells = await row('conv1_conv').locator('[role=gridcell]').allTextContents();
  expect(cells).toEqual(['conv1_conv (Conv2D)', '(None, 64, 64, 16)', '432', 'images', 'Y']);
  const title = page.getByRole('columnheader', { name: 'Param #' });
  expect(await title.getAttribute('aria-sort')).toBe('none');
  await title.getByRole('button').click();
  await title.getByRole('button').click();
  expect(await title.getAttribute('aria-sort')).toBe('descending');
  const params = await grid.locator('[role=gridcell][data-column=params]').allTextContents();
  const numbers = params.map((text) => Number(text.replaceAll(',', '')));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  await title.getByRole('button').click();
  expect((await first())[0]).toBe('images (InputLayer)');
  expect(await view.accessibilityFindings()).toEqual([]);
});

test('filters, says how many are left, and the way back from none', async () => {
  const { page, grid, first } = await openSummary();
  const field = page.locator('.summary-filter input');
  await field.fill('_add');
  await page.getByText(/^6 of \d+ layers$/).waitFor();
  await page.getByRole('button', { name: 'Use a regular expression' }).click();
  await field.fill('^conv2.*add$');
  await page.getByText(/^2 of \d+ layers$/).waitFor();
  await field.fill('(');
  await page.locator('.summary-found[data-problem]').waitFor();
  await field.fill('nothing here');
  await page.getByText('No layer passes the filter.').waitFor();
  expect(await grid.locator('[role=gridcell]').count()).toBe(0);
  await page.locator('.summary-empty vscode-button').click();
  expect((await first())[0]).toBe('images (InputLayer)');
});

test('is selected in step with the graph, by mouse and by keyboard', async () => {
  const { page, grid, row, chosen, selected, settle, view } = await openSummary();
  await row('conv1_conv').click();
  await expect.poll(chosen).toEqual(['conv1_conv (Conv2D)']);
  await row('conv1_relu').click({ modifiers: ['Shift'] });
  await expect.poll(chosen).toHaveLength(3);
  await row('conv1_bn').click({ modifiers: ['Control'] });
  await expect.poll(chosen).toEqual(['conv1_conv (Conv2D)', 'conv1_relu (Activation)']);
  const walked = (place: number) =>
    expect.poll(() => grid.getAttribute('aria-activedescendant')).toBe(`summary-row-${place}`);
  await page.keyboard.press('Home');
  await walked(0);
  await page.keyboard.press('ArrowDown');
  await walked(1);
  await page.keyboard.press('Shift+ArrowDown');
  await walked(2);
  await expect.poll(chosen).toEqual(['conv1_conv (Conv2D)', 'conv1_bn (BatchNormalization)']);
  await page.keyboard.press('End');
  await expect.poll(chosen).toEqual(['predictions (Dense)']);
  await page.keyboard.press('ArrowUp');
  await expect.poll(chosen).toEqual(['avg_pool (GlobalAveragePooling2D)']);
  await page.keyboard.press('Enter');
  await page.locator('.react-flow__node').first().waitFor();
  await settle();
  await page.locator('.layer[data-selected] .layer-name > [title="avg_pool"]').waitFor();
  await expect.poll(selected).toEqual(['avg_pool']);
  // And back: what is found in the graph is in sight in the table.
  await view.send({ type: 'command', command: 'summary' });
  await page.locator('.search input').fill('conv1_conv');
  await expect.poll(chosen).toEqual(['conv1_conv (Conv2D)']);
});

test("is copied as Keras's text, as Markdown and as CSV, whole or what is selected, and saved", async () => {
  const { page, view, row, settle } = await openSummary();
  const copy = page.locator('.summary-head vscode-button').filter({ hasText: 'Copy' });
  await copy.click();
  await settle();
  await settle();
  expect(await view.postsOf('copy')).toEqual([{ type: 'copy', text: printSummary(host.graph) }]);
  await row('conv1_conv').click();
  await copy.click();
  await settle();
  await settle();
  const [, part] = await view.postsOf('copy');
  expect(part?.text).toBe(printSummary(host.graph, { only: new Set(['id:conv1_conv']) }));
  const format = async (name: string) => {
    await page.locator('.summary-head vscode-dropdown').click();
    await page.locator('.summary-head vscode-option').filter({ hasText: name }).click();
  };
  await format('CSV');
  await copy.click();
  const [, , csv] = await view.postsOf('copy');
  expect(csv?.text.split('\r\n')[1]).toBe('conv1_conv,Conv2D,"(None, 64, 64, 16)",432,images,Y,');
  await format('Markdown');
  await page.getByText('Save as…').click();
  const [saved] = await view.postsOf('saveFile');
  expect(saved).toMatchObject({ of: 'summary', extension: 'md' });
  expect(saved?.content).toContain('| conv1\\_conv (Conv2D) |');
});

test('of ten thousand layers mounts those in sight alone', async () => {
  const { page, grid, chosen } = await openSummary(longNet(10_000), { width: 1440, height: 900 });
  expect(await grid.locator('*').count()).toBeLessThan(300);
  await grid.focus();
  await page.keyboard.press('End');
  await expect.poll(chosen).toHaveLength(1);
  expect(await grid.locator('*').count()).toBeLessThan(300);
  expect(await grid.locator('[aria-selected=true]').getAttribute('aria-rowindex')).toBe(
    String(host.graph.layers.length + 1),
  );
});

test('looks at home in every theme', async () => {
  for (const theme of ['dark', 'light', 'contrast'] as const) {
    const { view, row, page } = await openSummary(residualNet(), { theme, width: 1280, height: 800 });
    await view.send({ type: 'command', command: 'freezeByRegex' });
    await row('conv1_conv').click();
    await row('conv2_block1_1_conv').click({ modifiers: ['Shift'] });
    await page.getByRole('columnheader', { name: 'Layer' }).waitFor();
    await view.screenshot(`summary-${theme}`);
    expect(await view.complaints()).toEqual([]);
    expect(await view.accessibilityFindings()).toEqual([]);
  }
});
