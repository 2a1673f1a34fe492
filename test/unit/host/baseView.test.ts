import { expect, test } from 'vitest';
import { openModel } from '../../../src/formats/registry';
import { EMPTY_RECIPE } from '../../../src/core/surgery/recipe';
import { BaseView, baseViewOf } from '../../../src/host/baseView';
import { OperatingTable } from '../../../src/host/openedModel';
import type { HostToEditor } from '../../../src/protocol/editor';
import { fixture } from '../formats/fixtures';

test('shows the model before its recipe, once asked, and again for another file alone', async () => {
  let base = await openModel(fixture('keras3/sequential.h5'));
  const posted: HostToEditor[] = [];
  const view = new BaseView(
    () => base,
    (message) => posted.push(message),
  );
  view.follow();
  expect(posted).toEqual([]);
  view.ask();
  view.follow();
  const { view: untouched } = new OperatingTable(base).operate(EMPTY_RECIPE);
  expect(posted).toEqual([{ type: 'base', model: untouched }]);
  expect(baseViewOf(base)).toBe(baseViewOf(base));
  base = await openModel(fixture('keras3/sequential.h5'));
  view.follow();
  expect(posted).toHaveLength(2);
});

test('an edit does not reach it', async () => {
  const base = await openModel(fixture('keras3/sequential.h5'));
  const before = structuredClone(baseViewOf(base));
  new OperatingTable(base).edit(EMPTY_RECIPE, { type: 'freeze', rules: [{ match: { all: true } }] });
  expect(baseViewOf(base)).toEqual(before);
  expect(before.layers.every(({ trainable }) => trainable)).toBe(true);
});

test('before a model is open nothing is answered', () => {
  const posted: HostToEditor[] = [];
  const view = new BaseView(
    () => undefined,
    (message) => posted.push(message),
  );
  view.ask();
  view.follow();
  expect(posted).toEqual([]);
});
