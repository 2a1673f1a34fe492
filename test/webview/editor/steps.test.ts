import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { residualNet } from '../support/models';

const pages = editorPages();

/** A recipe's page with a step's sheet open. */
async function editStep(operations: readonly Operation[], at: number, options?: OpenOptions) {
  const host = new EditorHost(residualNet(), 'resnet_small.h5');
  host.donors.set('donor.h5', residualNet([2, 2, 2], 7));
  for (const operation of operations) host.answer({ type: 'edit', edit: { type: 'operate', operation } });
  expect(host.recipe.operations).toHaveLength(operations.length);
  const session = await pages.open(host, options);
  const { page, settle } = session;
  await page.getByRole('tab', { name: 'Recipe' }).click();
  const item = page.getByRole('list', { name: 'Operations' }).getByRole('listitem').nth(at);
  await item.hover();
  await item.getByRole('button', { name: /^Edit…/ }).click();
  await settle();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('heading', { name: `step ${at + 1}` }).waitFor();
  const apply = async () => {
    await settle();
    await sheet.getByRole('button', { name: 'Change the step' }).click();
    await settle();
    await page.getByRole('list', { name: 'Operations' }).waitFor();
  };
  const canApply = () => sheet.getByRole('button', { name: 'Change the step' }).isEnabled();
  const type = async (label: string, text: string) => {
    await sheet.locator('vscode-text-field').and(sheet.getByLabel(label)).locator('input').fill(text);
    await settle();
  };
  return { ...session, host, sheet, apply, canApply, type };
}

const HEAD: Operation = {
  op: 'append',
  after: 'conv4_block2_out',
  layers: [
    { kind: 'GlobalMaxPooling2D' },
    { kind: 'Dense', config: { units: 32, activation: 'relu' } },
    { kind: 'Dropout', config: { rate: 0.5 } },
    { kind: 'Dense', config: { units: 3, activation: 'sigmoid' } },
  ],
};

describe('a step is edited in its own sheet', () => {
  test('a head, filled with what the step says', async () => {
    const { host, sheet, apply, canApply, type, view, edits, page, settle } = await editStep([HEAD], 0);
    expect(await sheet.getByRole('radio', { name: /Global max/ }).isChecked()).toBe(true);
    expect(await canApply()).toBe(false);
    await type('Classes', '9');
    expect(await view.accessibilityFindings()).toEqual([]);
    await view.screenshot('step-head');
    await apply();
    const [after] = host.recipe.operations;
    expect(after).toMatchObject({ op: 'append', after: 'conv4_block2_out' });
    expect(after?.op === 'append' && after.layers.at(-1)).toEqual({
      kind: 'Dense',
      config: { units: 9, activation: 'sigmoid' },
    });
    expect(await edits()).toMatchObject([{ type: 'changeOperation', at: 0 }]);
    host.answer({ type: 'undo' });
    expect(host.recipe.operations[0]).toEqual(HEAD);
    await settle();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('an inserted layer, with what it would do alone', async () => {
    const insert: Operation = {
      op: 'insert',
      between: ['conv1_relu', 'conv2_block1_1_conv'],
      layers: [{ kind: 'Dropout', name: 'noise', config: { rate: 0.25 } }],
    };
    const cut: Operation = { op: 'cut', after: 'conv2_block1_out' };
    const { host, apply, type, sheet } = await editStep([insert, cut], 0);
    await type('Name', 'quiet');
    await sheet.locator('.preview').getByText('quiet').waitFor();
    // What the cut takes away is the cut's doing.
    expect(await sheet.getByText('Goes', { exact: true }).count()).toBe(0);
    await apply();
    expect(host.recipe.operations[0]).toEqual({
      ...insert,
      layers: [{ kind: 'Dropout', name: 'quiet', config: { rate: 0.25 } }],
    });
    expect(host.recipe.operations[1]).toEqual(cut);
  });

  test('a replaced layer', async () => {
    const replace: Operation = {
      op: 'replace',
      layer: 'conv1_relu',
      with: { kind: 'LeakyReLU', config: { negative_slope: 0.1 } },
    };
    const { host, apply, type } = await editStep([replace], 0);
    await type('Name', 'leaky');
    await apply();
    expect(host.recipe.operations[0]).toEqual({ ...replace, with: { ...replace.with, name: 'leaky' } });
  });

  test('a configured layer: a step that says nothing any more is not made', async () => {
    const { host, apply, canApply, type, sheet } = await editStep(
      [{ op: 'configure', layer: 'predictions', config: { units: 5 } }],
      0,
    );
    await type('units', '10');
    await sheet.getByText('how the layer is without the step').waitFor();
    expect(await canApply()).toBe(false);
    await type('units', '6');
    await apply();
    expect(host.recipe.operations).toEqual([{ op: 'configure', layer: 'predictions', config: { units: 6 } }]);
  });

  test('a rename; a name that is taken is refused while it is typed', async () => {
    const { host, apply, canApply, type, sheet } = await editStep(
      [{ op: 'rename', layer: 'conv1_conv', to: 'stem' }],
      0,
    );
    await type('Name', 'conv1_bn');
    await sheet
      .getByText(/conv1_bn/)
      .first()
      .waitFor();
    await expect.poll(canApply).toBe(false);
    await type('Name', 'root');
    await apply();
    expect(host.recipe.operations).toEqual([{ op: 'rename', layer: 'conv1_conv', to: 'root' }]);
  });

  test('a cut, among the layers that were there before it', async () => {
    const { host, apply, sheet, settle, view } = await editStep(
      [{ op: 'cut', after: 'conv2_block1_out' }],
      0,
    );
    const last = sheet.getByRole('option', { name: /^avg_pool/ });
    await last.click();
    await settle();
    await view.screenshot('step-cut');
    expect(await view.accessibilityFindings()).toEqual([]);
    await apply();
    expect(host.recipe.operations).toEqual([{ op: 'cut', after: 'avg_pool' }]);
    expect(host.model().layers.some(({ name }) => name === 'conv3_block1_out')).toBe(true);
  });

  test('removed layers are taken off the list, and back', async () => {
    const remove: Operation = { op: 'remove', layers: ['conv1_bn', 'conv1_relu'] };
    const { host, apply, sheet, canApply, settle } = await editStep([remove], 0);
    await sheet.getByRole('button', { name: 'Take conv1_relu off' }).click();
    await sheet.getByRole('button', { name: 'Take conv1_bn off' }).click();
    await settle();
    expect(await canApply()).toBe(false);
    await sheet.getByRole('option', { name: /^conv1_bn/ }).click();
    await apply();
    expect(host.recipe.operations).toEqual([{ op: 'remove', layers: ['conv1_bn'] }]);
  });

  test('the shape of the input', async () => {
    const { host, apply, type } = await editStep([{ op: 'inputShape', shape: [96, 96, 3] }], 0);
    await type('Height', '128');
    await apply();
    expect(host.recipe.operations).toEqual([{ op: 'inputShape', shape: [128, 96, 3] }]);
  });

  test('a warm start opens its own file again', async () => {
    const { host, apply, type, sheet } = await editStep(
      [{ op: 'warmStart', from: 'donor.h5', match: 'conv2' }],
      0,
    );
    await sheet.getByText('donor.h5').waitFor();
    await type('Layers', 'conv3');
    await apply();
    expect(host.recipe.operations).toEqual([{ op: 'warmStart', from: 'donor.h5', match: 'conv3' }]);
  });

  test('a graft, with the part it takes', async () => {
    const graft: Operation = { op: 'graft', donor: 'donor.h5', from: 'avg_pool', after: 'conv2_block2_out' };
    const { host, sheet, settle, apply, canApply } = await editStep([graft], 0);
    await expect.poll(() => sheet.getByRole('button', { name: /^From/ }).textContent()).toContain('avg_pool');
    expect(await canApply()).toBe(false);
    await sheet.getByRole('button', { name: 'Up to', exact: false }).click();
    await sheet.getByRole('option', { name: /^predictions/ }).click();
    await settle();
    await apply();
    expect(host.recipe.operations).toMatchObject([{ op: 'graft', from: 'avg_pool', to: 'predictions' }]);
  });

  test('a step that is switched off stays so', async () => {
    const { host, apply, type } = await editStep(
      [{ op: 'rename', layer: 'conv1_conv', to: 'stem', disabled: true }],
      0,
    );
    await type('Name', 'root');
    await apply();
    expect(host.recipe.operations).toEqual([
      { op: 'rename', layer: 'conv1_conv', to: 'root', disabled: true },
    ]);
  });

  test('its sheet ends when the step is undone under it', async () => {
    const { page, sheet, settle, view } = await editStep(
      [
        { op: 'rename', layer: 'conv1_conv', to: 'stem' },
        { op: 'rename', layer: 'stem', to: 'root' },
      ],
      1,
    );
    await page.getByRole('button', { name: 'Undo' }).click();
    await settle();
    expect(await sheet.count()).toBe(0);
    expect(await view.postsOf('undo')).toHaveLength(1);
    await page.getByRole('list', { name: 'Operations' }).waitFor();
  });
});

test.each(['light', 'contrast'] as const)('the sheet of removed layers in %s', async (theme) => {
  const { view } = await editStep([{ op: 'remove', layers: ['conv1_bn', 'conv1_relu'] }], 0, { theme });
  await view.screenshot(`step-remove-${theme}`);
  expect(await view.accessibilityFindings()).toEqual([]);
});

test('a chain of layers that is no head has no sheet, and is edited as JSON', async () => {
  const host = new EditorHost(residualNet());
  const layers = [{ kind: 'Dense', name: 'a', config: { units: 4 } }, { kind: 'ReLU' }];
  const operation: Operation = { op: 'append', after: 'avg_pool', layers };
  host.answer({ type: 'edit', edit: { type: 'operate', operation } });
  const { page } = await pages.open(host);
  await page.getByRole('tab', { name: 'Recipe' }).click();
  const item = page.getByRole('list', { name: 'Operations' }).getByRole('listitem');
  await item.hover();
  expect(await item.getByRole('button', { name: /^Edit…/ }).count()).toBe(0);
  await item.getByRole('button', { name: /^Edit as JSON/ }).click();
  await page.getByRole('textbox', { name: /as JSON/ }).waitFor();
});
