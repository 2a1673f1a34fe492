import { cp, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type * as vscode from 'vscode';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Recipe } from '../../../src/core/surgery/recipe';
import { readRecipe, writeRecipe } from '../../../src/formats/recipeFile';
import type { Messages } from '../../../src/host/messages';
import { ModelDocument, type DocumentEdit } from '../../../src/host/modelDocument';
import { OutsidePaths } from '../../../src/host/outsidePaths';
import { temporaryFolder } from '../../support/temporary';
import * as fake from './support/fakeVscode';

vi.mock('vscode', async () => import('./support/fakeVscode'));

const SAMPLE = path.resolve('samples/digits-0-4.h5');
const theirs: Recipe = { version: 1, operations: [{ op: 'cut', after: 'flatten' }], freeze: [] };

beforeEach(() => {
  fake.asked.length = 0;
  fake.answers.length = 0;
  fake.workspace.isTrusted = true;
  fake.workspace.workspaceFolders = undefined;
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
    new OutsidePaths(fake.memento() as unknown as vscode.Memento),
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

describe('a recipe that names files outside of the workspace', () => {
  const WARM: Recipe['operations'] = [{ op: 'warmStart', from: '../elsewhere/donor.h5' }];

  /** A workspace with a recipe beside its model; the donor lies beside the workspace. */
  async function workspace(recipe: object = { version: 1, operations: WARM, freeze: [] }) {
    const root = await temporaryFolder();
    for (const name of ['workspace/digits.h5', 'elsewhere/donor.h5']) await cp(SAMPLE, path.join(root, name));
    const model = path.join(root, 'workspace/digits.h5');
    const file = path.join(root, 'workspace/digits.surgery.json');
    await writeFile(file, JSON.stringify(recipe));
    fake.workspace.workspaceFolders = [{ uri: fake.Uri.file(path.dirname(model)) }];
    return { model, file, donor: path.join(root, 'elsewhere/donor.h5') };
  }
  const codeOf = ({ document: { state } }: Window) =>
    state.kind === 'unreadable' ? state.failure.code : state.kind;

  it('is not followed there before people say so', async () => {
    const { model } = await workspace();
    const mine = await openAt(model);
    expect(codeOf(mine)).toBe('OUTSIDE_REFUSED');
    expect(fake.asked).toEqual(['digits.surgery.json names a place outside of this workspace']);
    fake.answers.push('Read It');
    await mine.document.reload();
    expect(codeOf(mine)).toBe('open');
    await mine.document.reload();
    expect(fake.asked).toHaveLength(2);
  });

  it('is not followed to its model either, where it is opened itself', async () => {
    const { file, donor } = await workspace({ version: 1, operations: [], freeze: [] });
    const { base } = { base: { path: donor, sha256: '0'.repeat(64), bytes: 1 } };
    await writeFile(file, JSON.stringify({ version: 1, base, operations: [], freeze: [] }));
    const mine = await openAt(file);
    expect(mine.document.state).toMatchObject({
      failure: { code: 'OUTSIDE_REFUSED', message: expect.stringContaining('the base model') },
    });
  });

  it('is followed nowhere in a workspace that is not trusted, and asked about once it is', async () => {
    const { model } = await workspace();
    fake.workspace.isTrusted = false;
    const mine = await openAt(model);
    expect(codeOf(mine)).toBe('OUTSIDE_UNTRUSTED');
    expect(fake.asked).toEqual([]);
    fake.answers.push('Read It');
    fake.grantTrust();
    await expect.poll(() => codeOf(mine)).toBe('open');
    expect(fake.asked).toHaveLength(1);
  });

  it('is not made by an edit that a page brings', async () => {
    const { model, donor } = await workspace({ version: 1, operations: [], freeze: [] });
    const mine = await openAt(model);
    for (const from of ['../elsewhere/donor.h5', donor]) {
      const edit = { type: 'operate', operation: { op: 'warmStart', from } } as const;
      await expect(mine.document.edit(edit)).rejects.toMatchObject({ code: 'OUTSIDE_REFUSED' });
      await expect(mine.document.tryOut(edit)).rejects.toMatchObject({ code: 'OUTSIDE_REFUSED' });
    }
    expect(mine.document.isDirty).toBe(false);
    expect(fake.asked).toHaveLength(4);
  });
});

describe('edits of a window that ends without closing', () => {
  const folderOf = ({ model }: Window) => path.join(path.dirname(model), 'edits');
  const kept = async (window: Window) =>
    (await readdir(folderOf(window)).catch(() => [])).filter((name) => name.endsWith('.json'));

  /** What is kept of unsaved edits, for each window the layers that they freeze. */
  async function keptOf(window: Window): Promise<readonly string[]> {
    const texts = (await kept(window)).map((name) => readFile(path.join(folderOf(window), name), 'utf8'));
    const entries = (await Promise.all(texts)).map((text) => JSON.parse(text) as KeptEntry);
    return entries
      .map(({ unsaved }) => unsaved.recipe.freeze.flatMap(({ match }) => match.names).join())
      .sort();
  }

  interface KeptEntry {
    readonly host: { readonly identity: string };
    readonly unsaved: { readonly recipe: { readonly freeze: readonly { match: { names: string[] } }[] } };
  }

  /** As a window leaves it whose extension host was killed: its process is no more. */
  async function leave(left: Window, of = 1): Promise<void> {
    await expect.poll(() => kept(left)).toHaveLength(of);
    await mkdir(path.join(folderOf(left), 'of-the-dead'), { recursive: true });
    for (const name of await kept(left)) {
      const file = path.join(folderOf(left), name);
      const entry = JSON.parse(await readFile(file, 'utf8')) as KeptEntry;
      const host = { ...entry.host, identity: 'another start of the machine' };
      const copy = path.join(folderOf(left), 'of-the-dead', name);
      await writeFile(copy, JSON.stringify({ ...entry, host }));
      const { atime, mtime } = await stat(file);
      await utimes(copy, atime, mtime);
    }
  }
  const dead = ({ model }: Window) => path.join(path.dirname(model), 'edits', 'of-the-dead');
  const openAgain = (window: Window, backup?: string) => openAt(window.model, backup, dead(window));

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
    await expect.poll(() => readdir(dead(killed))).toHaveLength(1);
    next.edits[0]?.undo();
    expect(next.document.isDirty).toBe(false);
    await expect.poll(() => readdir(dead(killed))).toEqual([]);
    expect(next.errors).toEqual([]);
  });

  it('are not taken from a window that is there, nor once they are saved, undone or closed', async () => {
    const mine = await open();
    await freeze(mine, 'block2_conv');
    const other = await openAt(mine.model);
    await other.document.takeUpLeft();
    expect(other.document.isDirty).toBe(false);
    await expect.poll(() => kept(mine)).toHaveLength(1);
    mine.edits[0]?.undo();
    await expect.poll(() => kept(mine)).toHaveLength(0);
    mine.edits[0]?.redo();
    await expect.poll(() => kept(mine)).toHaveLength(1);
    await mine.document.save();
    expect(await kept(mine)).toHaveLength(0);
    await freeze(mine, 'block1a_conv');
    await expect.poll(() => kept(mine)).toHaveLength(1);
    mine.document.dispose();
    await expect.poll(() => kept(mine)).toHaveLength(0);
  });

  it('are kept for each window by itself; of two that end, the older edits are below the newer', async () => {
    const one = await open();
    const other = await openAt(one.model);
    await freeze(one, 'block1a_conv');
    await expect.poll(() => kept(one)).toHaveLength(1);
    await freeze(other, 'block2_conv');
    await leave(one, 2);
    await other.document.revert();
    await expect.poll(() => keptOf(one)).toEqual(['block1a_conv']);

    const next = await openAgain(one);
    await next.document.takeUpLeft();
    expect(frozen(next)).toContain('block2_conv');
    next.edits[1]?.undo();
    expect(frozen(next)).toContain('block1a_conv');
    next.edits[0]?.undo();
    expect(next.document.isDirty).toBe(false);
  });

  it('are taken up where VS Code has an older backup, and once where its backup is the same', async () => {
    const killed = await open();
    await freeze(killed, 'block1a_conv');
    const backup = `${killed.model}.backup`;
    await killed.document.backup(killed.uri(backup));
    await freeze(killed, 'block2_conv');
    await expect.poll(() => keptOf(killed)).toEqual(['block1a_conv,block2_conv']);
    await leave(killed);
    const next = await openAgain(killed, backup);
    expect(frozen(next)).not.toContain('block2_conv');
    await next.document.takeUpLeft();
    expect(frozen(next)).toContain('block2_conv');
    await next.document.takeUpLeft();
    expect(next.edits).toHaveLength(1);
  });

  it('are not brought back after a save, by a process that ends later than its window', async () => {
    const closing = await open();
    await freeze(closing, 'block2_conv');
    const backup = `${closing.model}.backup`;
    await closing.document.backup(closing.uri(backup));
    await expect.poll(() => kept(closing)).toHaveLength(1);
    const next = await openAt(closing.model, backup);
    await next.document.takeUpLeft();
    await next.document.save();
    expect(await kept(closing)).toEqual([]);
  });

  it('wait for a model that cannot be read until it can', async () => {
    const killed = await open();
    await freeze(killed, 'block2_conv');
    await leave(killed);
    await rm(killed.model);
    const next = await openAgain(killed);
    await next.document.takeUpLeft();
    expect(next.document.state.kind).toBe('unreadable');
    await cp(SAMPLE, killed.model);
    fake.tellChange('digits.h5');
    await expect.poll(() => next.edits.map(({ label }) => label)).toEqual(['Restore unsaved edits']);
    expect(frozen(next)).toContain('block2_conv');
  });

  it('stay where their recipe cannot be carried out', async () => {
    const killed = await open();
    await freeze(killed, 'block2_conv');
    await leave(killed);
    const [name] = await readdir(dead(killed));
    const file = path.join(dead(killed), name!);
    const bytes = (await readFile(file, 'utf8')).replace(
      /"operations":\s*\[\]/,
      '"operations":[{"op":"cut","after":"gone"}]',
    );
    await writeFile(file, bytes);
    const next = await openAgain(killed);
    await next.document.takeUpLeft();
    expect(next.errors).toHaveLength(1);
    await freeze(next, 'block1a_conv');
    await next.document.save();
    expect(await readFile(file, 'utf8')).toBe(bytes);
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
