import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EMPTY_RECIPE } from '../../../src/core/surgery/recipe';
import { fingerprintOf } from '../../../src/formats/fingerprint';
import { openModel } from '../../../src/formats/registry';
import { OperatingTable } from '../../../src/host/openedModel';
import type { Edit } from '../../../src/protocol/editor';
import { fixture, temporaryFolder } from '../formats/fixtures';

test('an edit that takes from another model opens it and says what its file was', async () => {
  const folder = await temporaryFolder();
  await copyFile(fixture('keras3/only.weights.h5'), path.join(folder, 'weights.h5'));
  const table = new OperatingTable(await openModel(fixture('keras3/sequential.h5')));
  const intent: Edit = { type: 'operate', operation: { op: 'warmStart', from: 'weights.h5', match: 'conv' } };
  expect(table.takesFromDonors(EMPTY_RECIPE, intent)).toBe(true);
  expect(() => table.edit(EMPTY_RECIPE, intent)).toThrow(/was not opened/);

  const prepared = await table.prepare(EMPTY_RECIPE, intent, folder, async () => {});
  const { opened, label } = table.edit(EMPTY_RECIPE, prepared);
  const donor = path.join(folder, 'weights.h5');
  expect(label).toBe('Warm start from weights.h5');
  expect(opened.recipe.operations).toEqual([
    { op: 'warmStart', from: { path: donor, ...(await fingerprintOf(donor)) }, match: 'conv' },
  ]);
  expect(opened.view.warmStarts?.map(({ operation, matched }) => [operation, matched.length])).toEqual([
    [0, 2],
  ]);

  // As when the recipe is opened again: by another table, which has opened nothing yet.
  const another = new OperatingTable(table.base);
  expect(await another.openDonors(opened.recipe)).toBe(opened.recipe);
  expect(another.operate(opened.recipe).view.warmStarts).toEqual(opened.view.warmStarts);

  const freeze: Edit = { type: 'freeze', rules: [{ match: { all: true } }] };
  expect(table.takesFromDonors(EMPTY_RECIPE, freeze)).toBe(false);
  expect(table.takesFromDonors(opened.recipe, freeze)).toBe(true);
});
