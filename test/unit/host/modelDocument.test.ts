import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type * as vscode from 'vscode';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Recipe } from '../../../src/core/surgery/recipe';
import { readRecipe, writeRecipe } from '../../../src/formats/recipeFile';
import type { Messages } from '../../../src/host/messages';
import { ModelDocument, type DocumentEdit } from '../../../src/host/modelDocument';
import { temporaryFolder } from '../../support/temporary';
import * as fake from './support/fakeVscode';

vi.mock('vscode', async () => import('./support/fakeVscode'));

const SAMPLE = path.resolve('samples/digits-0-4.h5');
const theirs: Recipe = { version: 1, operations: [{ op: 'cut', after: 'flatten' }], freeze: [] };

beforeEach(() => {
  fake.asked.length = 0;
  fake.answers.length = 0;
});

async function open() {
  const model = path.join(await temporaryFolder(), 'digits.h5');
  await cp(SAMPLE, model);
  return openAt(model);
}

/** One window with a model. */
async function openAt(model: string, backup?: string, journals = path.join(path.dirname(model), 'edits')) {
  const errors: unknown[] = [];
  const messages = {
    error: async (error: unknown) => void errors.push(error),
    log: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  } as unknown as Messages;
  const uri = (file: string) => fake.Uri.file(file) as unknown as vscode.Uri;
  const document = new ModelDocument(
    uri(model),
    messages,
    journals,
    backup === undefined ? undefined : uri(backup),
  );
  onTestFinished(() => {
    document.dispose();
    return document.ended;
  });
  const edits: DocumentEdit[] = [];
  document.onDidEdit((edit) => edits.push(edit));
  await document.opened;
  return { document, model, recipe: document.recipePath, edits, errors, uri };
}

type Window = Awaited<ReturnType<typeof openAt>>;

const freeze = ({ document }: Window, name: string, trainable = false) =>
  document.edit({ type: 'freeze', rules: [{ match: { names: [name] }, trainable }] });
const frozen = ({ document }: Window) =>
  document.model.graph.layers.filter((layer) => !layer.trainable).map(({ name }) => name);

describe('two windows that edit one recipe', () => {
  it('tells the one with unsaved edits, which keeps them, and asks no more once they are to count', async () => {
    const mine = await open();
    await freeze(mine, 'block2_conv');
    await writeRecipe(mine.recipe, theirs);
    fake.answers.push('Keep Mine');
    fake.tellChange('digits.surgery.json');
    await expect.poll(() => fake.asked).toHaveLength(1);
    expect(fake.asked[0]).toContain('digits.surgery.json was written by another window or program');
    expect(frozen(mine)).toContain('block2_conv');
    fake.tellChange('digits.surgery.json');
    await mine.document.save();
    expect(fake.asked).toHaveLength(1);
    expect(await readRecipe(mine.recipe)).toMatchObject({ operations: [], freeze: [{}] });
  });

  it('takes over what the other wrote as an edit, which can be undone', async () => {
    const mine = await open();
    await freeze(mine, 'block2_conv');
    await writeRecipe(mine.recipe, theirs);
    fake.answers.push('Take Over Theirs');
    fake.tellChange('digits.surgery.json');
    await expect.poll(() => mine.edits.at(-1)?.label).toBe('Take over digits.surgery.json');
    expect(mine.document.model.graph.layers).toHaveLength(14);
    expect(mine.document.isDirty).toBe(false);
    mine.edits.at(-1)?.undo();
    expect(frozen(mine)).toContain('block2_conv');
    expect(mine.document.isDirty).toBe(true);
  });

  it('asks before a save that would lose what the other wrote', async () => {
    const mine = await open();
    const other = await openAt(mine.model);
    await freeze(mine, 'block2_conv');
    await freeze(other, 'block1a_conv');
    await other.document.save();
    const bytes = await readFile(mine.recipe);
    await expect(mine.document.save()).rejects.toMatchObject({ code: 'RECIPE_CHANGED', path: mine.recipe });
    expect(await readFile(mine.recipe)).toEqual(bytes);
    expect(mine.document.isDirty).toBe(true);
    fake.answers.push('Replace It');
    await mine.document.save();
    expect(await readRecipe(mine.recipe)).toMatchObject({ freeze: [{ match: { names: ['block2_conv'] } }] });
  });

  it('says nothing where both wrote the same, or nothing is unsaved', async () => {
    const mine = await open();
    await writeRecipe(mine.recipe, theirs);
    fake.tellChange('digits.surgery.json');
    await expect.poll(() => mine.document.model.graph.layers.length).toBe(14);
    await freeze(mine, 'block2_conv');
    await writeRecipe(mine.recipe, mine.document.model.recipe);
    fake.tellChange('digits.surgery.json');
    await mine.document.save();
    expect(fake.asked).toEqual([]);
  });
});

describe('edits of a window that ends without closing', () => {
  /** As a window leaves it whose extension host was killed: its process is no more. */
  async function leave(left: Window): Promise<void> {
    const folder = path.join(path.dirname(left.model), 'edits');
    const kept = async () => (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
    await expect.poll(kept).toHaveLength(1);
    const file = path.join(folder, (await kept())[0]!);
    const entry = JSON.parse(await readFile(file, 'utf8')) as { host: { identity: string } };
    await mkdir(path.join(folder, 'of-the-dead'));
    const host = { ...entry.host, identity: 'another start of the machine' };
    await writeFile(
      path.join(folder, 'of-the-dead', path.basename(file)),
      JSON.stringify({ ...entry, host }),
    );
  }
  const openAgain = ({ model }: Window) =>
    openAt(model, undefined, path.join(path.dirname(model), 'edits', 'of-the-dead'));

  it('are taken up by the next one as an edit that can be undone', async () => {
    const killed = await open();
    await freeze(killed, 'block2_conv');
    await leave(killed);
    const next = await openAgain(killed);
    expect(next.document.isDirty).toBe(false);
    await next.document.takeUpLeft();
    expect(frozen(next)).toContain('block2_conv');
    expect(next.document.isDirty).toBe(true);
    expect(next.edits.map(({ label }) => label)).toEqual(['Restore unsaved edits']);
    expect(fake.asked).toEqual([expect.stringContaining('Unsaved edits of digits.h5 were restored')]);
    next.edits[0]?.undo();
    expect(next.document.isDirty).toBe(false);
    expect(next.errors).toEqual([]);
  });

  it('are not taken from a window that is there, nor once they are saved, undone or closed', async () => {
    const mine = await open();
    await freeze(mine, 'block2_conv');
    const other = await openAt(mine.model);
    await other.document.takeUpLeft();
    expect(other.document.isDirty).toBe(false);
    const folder = path.join(path.dirname(mine.model), 'edits');
    const kept = async () => (await readdir(folder)).length;
    await expect.poll(kept).toBe(1);
    mine.edits[0]?.undo();
    await expect.poll(kept).toBe(0);
    mine.edits[0]?.redo();
    await expect.poll(kept).toBe(1);
    await mine.document.save();
    expect(await kept()).toBe(0);
    await freeze(mine, 'block1a_conv');
    await expect.poll(kept).toBe(1);
    mine.document.dispose();
    await expect.poll(kept).toBe(0);
  });

  it('of another model are offered as those of a backup are', async () => {
    const killed = await open();
    await freeze(killed, 'block2_conv');
    await leave(killed);
    await writeFile(killed.model, await readFile(path.resolve('test/fixtures/keras3/sequential.h5')));
    const next = await openAgain(killed);
    await next.document.takeUpLeft();
    expect(fake.asked[0]).toContain('was made for another digits.h5');
    expect(next.document.isDirty).toBe(false);
  });
});

describe('a model that goes while it is open', () => {
  it('is said to be gone; reading it again in vain costs no edit, which is there when it is back', async () => {
    const mine = await open();
    await freeze(mine, 'block2_conv');
    await rm(mine.model);
    fake.answers.push('Reload');
    fake.tellChange('digits.h5');
    await expect.poll(() => mine.document.state.kind).toBe('unreadable');
    expect(fake.asked).toEqual([expect.stringMatching(/^digits\.h5 is gone from the disk\./)]);

    // A window that goes meanwhile keeps them as well, and so does the one after it.
    const backup = `${mine.model}.backup`;
    await mine.document.backup(mine.uri(backup));
    const next = await openAt(mine.model, backup);
    expect(next.document.state.kind).toBe('unreadable');
    await next.document.backup(next.uri(`${backup}.2`));
    expect(await readFile(`${backup}.2`)).toEqual(await readFile(backup));

    await cp(SAMPLE, mine.model);
    fake.tellChange('digits.h5');
    await expect.poll(() => next.document.state.kind).toBe('open');
    expect(frozen(next)).toContain('block2_conv');
    expect(next.document.isDirty).toBe(true);
    await mine.document.reload();
    expect(frozen(mine)).toContain('block2_conv');
    expect(mine.document.isDirty).toBe(true);
  });

  it('is said to have changed where it was cut short; reverting lets go of the edits', async () => {
    const mine = await open();
    await freeze(mine, 'block2_conv');
    await writeFile(mine.model, (await readFile(SAMPLE)).subarray(0, 40_000));
    fake.answers.push('Reload');
    fake.tellChange('digits.h5');
    await expect.poll(() => mine.document.state.kind).toBe('unreadable');
    expect(fake.asked[0]).toContain('digits.h5 changed on disk');
    await cp(SAMPLE, mine.model);
    await mine.document.revert();
    expect(frozen(mine)).not.toContain('block2_conv');
    expect(mine.document.isDirty).toBe(false);
  });
});

/** What objects hold, without what V8 only has not collected yet. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

it('200 edits, each taken back and done again, hold no more at their end than their recipes', async () => {
  const mine = await open();
  const round = async (edits: number) => {
    for (let edit = 0; edit < edits; edit++) {
      await freeze(mine, edit % 2 === 0 ? 'block2_conv' : 'block1a_conv', edit % 4 < 2);
      mine.edits.at(-1)?.undo();
      mine.edits.at(-1)?.redo();
      // As VS Code lets go of the edits of a document that is saved and reverted.
      mine.edits.length = 0;
      if (edit % 20 === 19) await mine.document.revert();
    }
  };
  await round(40);
  const before = heapBytes();
  await round(200);
  // A graph of this model that stayed for each edit would be several times that.
  expect(heapBytes() - before).toBeLessThan(2 * 2 ** 20);
});
