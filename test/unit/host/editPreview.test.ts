import { expect, test } from 'vitest';
import { EMPTY_RECIPE } from '../../../src/core/surgery/recipe';
import { openModel } from '../../../src/formats/registry';
import { EditPreview } from '../../../src/host/editPreview';
import { OperatingTable } from '../../../src/host/openedModel';
import type { Edit, HostToEditor } from '../../../src/protocol/editor';
import { fixture } from '../formats/fixtures';

const freeze = (regex: string): Edit => ({ type: 'freeze', rules: [{ match: { regex } }] });

async function previewed() {
  const table = new OperatingTable(await openModel(fixture('keras3/sequential.h5')));
  const tried: Edit[] = [];
  const answers: HostToEditor[] = [];
  const preview = new EditPreview(
    (edit) => {
      tried.push(edit);
      return Promise.resolve(table.edit(EMPTY_RECIPE, edit).opened);
    },
    (message) => answers.push(message),
  );
  return { table, preview, tried, answers };
}

test('says what an edit would freeze, and what it would leave trainable', async () => {
  const { table, preview, answers } = await previewed();
  await preview.ask({ request: 7, edit: freeze('conv') });
  const { view } = table.edit(EMPTY_RECIPE, freeze('conv')).opened;
  const frozen = view.layers.filter(({ name }) => name.includes('conv')).map(({ id }) => id);
  expect(frozen.length).toBeGreaterThan(0);
  expect(answers).toEqual([{ type: 'previewed', request: 7, totals: view.totals, frozen }]);
});

test('of many requests at once works out and answers the newest alone', async () => {
  const { preview, answers, tried } = await previewed();
  const edits = ['a', 'b', 'c', 'dense'].map(freeze);
  await Promise.all(edits.map((edit, request) => preview.ask({ request, edit })));
  expect(answers.map((answer) => answer.type === 'previewed' && answer.request)).toEqual([3]);
  expect(tried).toEqual([freeze('dense')]);
});

test('does not answer a request that a newer one overtook while it was worked out', async () => {
  const { table, answers } = await previewed();
  let go: (() => void) | undefined;
  const slow = new Promise<void>((done) => (go = done));
  const preview = new EditPreview(
    async (edit) => {
      if (JSON.stringify(edit).includes('slow')) await slow;
      return table.edit(EMPTY_RECIPE, edit).opened;
    },
    (message) => answers.push(message),
  );
  const first = preview.ask({ request: 1, edit: freeze('slow') });
  await new Promise((turn) => setImmediate(turn));
  await new Promise((turn) => setImmediate(turn));
  await preview.ask({ request: 2, edit: freeze('dense') });
  go?.();
  await first;
  expect(answers.map((answer) => answer.type === 'previewed' && answer.request)).toEqual([2]);
});

test('gives the reason where the edit cannot be carried out, and goes on after it', async () => {
  const { preview, answers } = await previewed();
  await preview.ask({ request: 1, edit: freeze('(') });
  await preview.ask({ request: 2, edit: freeze('dense') });
  expect(answers).toMatchObject([
    { type: 'previewed', request: 1, problem: { code: 'REGEX_INVALID' } },
    { type: 'previewed', request: 2 },
  ]);
});
