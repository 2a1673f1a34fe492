import { expect, test } from 'vitest';
import { EMPTY_RECIPE } from '../../../src/core/surgery/recipe';
import type { Recipe } from '../../../src/core/surgery/recipe';
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

test('of a changed step says what the step does by itself, and what is wrong with the whole recipe then', async () => {
  const table = new OperatingTable(await openModel(fixture('keras3/sequential.h5')));
  const dense = table.base.graph.layers.filter(({ kind }) => kind === 'Dense').map(({ name }) => name);
  const [first = '', ...others] = dense;
  const last = others.at(-1) ?? first;
  const edits: readonly Edit[] = [
    { type: 'operate', operation: { op: 'configure', layer: first, config: { units: 7 } } },
    { type: 'operate', operation: { op: 'rename', layer: last, to: 'end' } },
  ];
  const opened = edits.reduce(
    (model, edit) => table.edit(model.recipe, edit).opened,
    table.operate(EMPTY_RECIPE),
  );
  const answers: HostToEditor[] = [];
  const preview = new EditPreview(
    (edit) => Promise.resolve(table.edit(opened.recipe, edit).opened),
    (message) => answers.push(message),
    () => opened.view,
    ({ recipe }, at) => table.aroundStep(recipe, at),
  );
  const change: Edit = {
    type: 'changeOperation',
    at: 0,
    operation: { op: 'configure', layer: first, config: { units: 9 } },
  };
  await preview.ask({ request: 1, edit: change });
  await preview.ask({ request: 2, edit: { ...change, at: 5 } });
  const [told, refused] = answers;
  const found = told?.type === 'previewed' && told.problem === undefined ? told.surgery : undefined;
  // Renaming is the other step's doing.
  expect(found?.changed.map(({ name }) => name)).toContain(first);
  expect(found?.changed.map(({ name }) => name)).not.toContain('end');
  expect(found?.changed.find(({ name }) => name === first)?.outputShape?.at(-1)).toBe(9);
  expect(refused).toMatchObject({ type: 'previewed', request: 2, problem: { code: 'STEP_UNKNOWN' } });
});

test('looks at a step that is switched off as if it were on, and leaves the recipe its states', async () => {
  const table = new OperatingTable(await openModel(fixture('keras3/sequential.h5')));
  const [first] = table.base.graph.layers.filter(({ kind }) => kind === 'Dense');
  const recipe: Recipe = {
    version: 2,
    operations: [{ op: 'rename', layer: first!.name, to: 'renamed', disabled: true }],
    freeze: [{ match: { names: ['nobody'] } }],
  };
  const { before, after } = table.aroundStep(recipe, 0);
  expect(before.layers.map(({ name }) => name)).toContain(first!.name);
  expect(after.layers.map(({ name }) => name)).toContain('renamed');
  expect(() => table.aroundStep(recipe, 1)).toThrow(expect.objectContaining({ code: 'STEP_UNKNOWN' }));
});
