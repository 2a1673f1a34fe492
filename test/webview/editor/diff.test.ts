import { expect, test } from 'vitest';
import type { Edit } from '../../../src/protocol/editor';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { residualNet } from '../support/models';

const pages = editorPages();

const EDITS: readonly Edit[] = [
  { type: 'operate', operation: { op: 'cut', after: 'avg_pool' } },
  {
    type: 'operate',
    operation: {
      op: 'append',
      after: 'avg_pool',
      layers: [{ kind: 'Dense', name: 'head', config: { units: 3 } }],
    },
  },
  { type: 'operate', operation: { op: 'remove', layers: ['conv1_relu'] } },
  { type: 'operate', operation: { op: 'rename', layer: 'conv1_bn', to: 'stem_bn' } },
  { type: 'freeze', rules: [{ match: { regex: 'conv1_conv' } }] },
];

async function openEdited(stages: readonly number[] = [1], options?: OpenOptions) {
  const host = new EditorHost(residualNet(stages));
  for (const edit of EDITS) host.answer({ type: 'edit', edit });
  const session = await pages.open(host, options);
  const { page, view, settle } = session;
  const compare = async () => {
    await page.getByRole('button', { name: 'Show what changed since the file' }).click();
    await settle();
    await page.getByRole('group', { name: 'Changes shown' }).waitFor();
    await settle();
  };
  const cards = (status: string) => page.locator(`.react-flow__node.diff-${status}`);
  const chip = (status: string) => page.locator(`.diff-chip[data-status=${status}]`);
  return { ...session, host, compare, cards, chip, page, view, settle };
}

test('colours what was added, removed and changed, the removed drawn where it was', async () => {
  const { compare, cards, chip, view, card, page } = await openEdited();
  await page.getByRole('button', { name: 'Fit the graph' }).click();
  await compare();
  await page.getByRole('button', { name: 'Fit the graph' }).click();
  expect(await view.postsOf('base')).toHaveLength(1);
  await expect.poll(() => cards('added').count()).toBe(1);
  expect(await cards('removed').count()).toBe(2);
  expect(await chip('added').locator('.diff-count').textContent()).toBe('1');
  expect(await chip('removed').getAttribute('aria-pressed')).toBe('true');
  expect(await chip('frozen').getAttribute('aria-pressed')).toBe('false');
  expect(await cards('frozen').count()).toBe(0);
  const title = await card('stem_bn').getAttribute('title');
  expect(title).toContain('Name: conv1_bn → stem_bn');
  expect(await page.locator('.diff-line-removed').count()).toBeGreaterThan(1);
  expect(await view.accessibilityFindings()).toEqual([]);
  // A ghost between the layers that it stood between.
  const [above, ghost, below] = await Promise.all(
    ['stem_bn', 'conv1_relu', 'conv2_block1_1_conv'].map(async (name) => (await card(name).boundingBox())!.y),
  );
  expect(above!).toBeLessThan(ghost!);
  expect(ghost!).toBeLessThan(below!);
});

test('filters by its legend, freezing by itself', async () => {
  const { compare, cards, chip, settle, card } = await openEdited();
  await compare();
  await chip('removed').click();
  await settle();
  await expect.poll(() => cards('removed').count()).toBe(0);
  expect(await card('conv1_relu').count()).toBe(0);
  await chip('frozen').click();
  await settle();
  await expect.poll(() => cards('frozen').count()).toBe(1);
});

test('goes from change to change by key, opens the boxes they are in, and says each', async () => {
  const { compare, page, settle, view } = await openEdited([4, 4, 4, 4]);
  await compare();
  await page.keyboard.press('F7');
  await settle();
  const name = page.locator('.diff-name');
  await expect.poll(() => name.textContent()).toBe('stem_bn');
  expect(await page.locator('.diff-detail li').first().textContent()).toBe('Name: conv1_bn → stem_bn');
  await page.keyboard.press('F7');
  await settle();
  await expect.poll(() => name.textContent()).toBe('conv1_relu');
  await page.locator('.react-flow__node.diff-removed .layer[data-selected]').waitFor();
  await page.keyboard.press('Shift+F7');
  await expect.poll(() => name.textContent()).toBe('stem_bn');
  await view.send({ type: 'command', command: 'previousChange' });
  await expect.poll(() => name.textContent()).toBe('head');
});

test('stays up with edits, and ends', async () => {
  const { compare, cards, host, view, page, settle, chip } = await openEdited();
  await compare();
  const rename: Edit = { type: 'operate', operation: { op: 'rename', layer: 'avg_pool', to: 'pool' } };
  for (const message of host.answer({ type: 'edit', edit: rename })) await view.send(message);
  await settle();
  const before = Number(await chip('changed').locator('.diff-count').textContent());
  for (const message of host.answer({ type: 'undo' })) await view.send(message);
  await expect
    .poll(async () => Number(await chip('changed').locator('.diff-count').textContent()))
    .toBe(before - 1);
  await page.getByRole('button', { name: 'End the comparison' }).first().click();
  await expect.poll(() => cards('removed').count()).toBe(0);
  expect(await page.locator('.diff-panel').count()).toBe(0);
  // The base is asked for once.
  await compare();
  expect(await view.postsOf('base')).toHaveLength(1);
});

test('of a model as its file has it says so', async () => {
  const session = await pages.open(new EditorHost(residualNet([1])));
  await session.view.send({ type: 'command', command: 'compare' });
  await session.settle();
  await session.page.getByText('The model is as its file has it.').waitFor();
});

test('looks at home in every theme', async () => {
  for (const theme of ['dark', 'light', 'contrast'] as const) {
    const { compare, view, card, chip, settle, page } = await openEdited([1], {
      theme,
      width: 1280,
      height: 800,
    });
    await compare();
    await chip('frozen').click();
    await settle();
    await card('conv1_relu').click();
    await page.getByRole('button', { name: 'Fit the graph' }).click();
    await settle();
    await view.screenshot(`diff-${theme}`);
    expect(await view.accessibilityFindings()).toEqual([]);
    expect(await view.complaints()).toEqual([]);
  }
});

test('says in the inspector what became of the layer that is selected, before and after', async () => {
  const host = new EditorHost(residualNet([1]));
  for (const edit of [
    ...EDITS,
    { type: 'operate', operation: { op: 'configure', layer: 'conv1_conv', config: { filters: 24 } } },
  ] satisfies Edit[]) {
    host.answer({ type: 'edit', edit });
  }
  const { page, settle, view, card } = await pages.open(host);
  const section = page.getByRole('region', { name: 'Before and after' });
  const row = (name: string) =>
    section.locator('.changes > div').filter({ has: page.getByText(name, { exact: true }) });
  await card('conv1_conv').click();
  await settle();
  expect(await section.count()).toBe(0);
  await page.getByRole('button', { name: 'Show what changed since the file' }).click();
  await settle();
  await section.waitFor();
  expect(await row('filters').locator('del').textContent()).toBe('16');
  expect(await row('filters').locator('ins').textContent()).toBe('24');
  expect(await row('Output').locator('ins').textContent()).toContain('24');
  expect(await row('Training').locator('ins').textContent()).toBe('frozen');
  expect(await section.getByRole('list', { name: 'Weights' }).textContent()).toContain('starts anew');
  await view.screenshot('diff-inspector');
  expect(await view.accessibilityFindings()).toEqual([]);
  await page.getByRole('button', { name: 'Fit the graph' }).click();
  await settle();
  await card('conv1_relu').click();
  await settle();
  await section.getByText('removed').waitFor();
  expect(await row('Name').locator('del').textContent()).toBe('conv1_relu');
});
