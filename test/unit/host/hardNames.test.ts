import { cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { exportModel } from '../../../src/formats/exportModel';
import { openModel } from '../../../src/formats/registry';
import { readRecipe } from '../../../src/formats/recipeFile';
import { classesOf } from '../../../src/host/imageFolders';
import type { Messages } from '../../../src/host/messages';
import { ModelDocument } from '../../../src/host/modelDocument';
import { OutsidePaths } from '../../../src/host/outsidePaths';
import { siblingOf } from '../../../src/host/siblingFiles';
import { temporaryFolder } from '../../support/temporary';
import { fixture } from '../formats/fixtures';
import * as fake from './support/fakeVscode';

vi.mock('vscode', async () => import('./support/fakeVscode'));

beforeEach(() => {
  fake.asked.length = 0;
  fake.answers.length = 0;
});

/** Small, so that each name costs little. */
const SAMPLE = fixture('keras3/sequential.h5');

/** Each means something else to a URI, a shell, a pattern or a file system. */
const NAMES = [
  '한글.h5',
  '한글'.normalize('NFD') + '.h5',
  'café'.normalize('NFD') + ' 👩‍🔬.h5',
  '한글 #1 100%.h5',
  '%20.h5',
  'what?.h5',
  `it's "quoted".h5`,
  '-dash {a,b}[c]*.h5',
  '\\\\server\\share\\x.h5',
];

function uri(file: string) {
  return fake.Uri.file(file) as unknown as vscode.Uri;
}

async function openAt(model: string) {
  const log = { error: () => undefined, warn: () => undefined, debug: () => undefined };
  const messages = { error: async () => undefined, log } as unknown as Messages;
  const outside = new OutsidePaths(fake.memento() as unknown as vscode.Memento);
  const journals = path.join(path.dirname(model), 'edits');
  const document = new ModelDocument(uri(model), messages, outside, journals);
  onTestFinished(() => {
    document.dispose();
    return document.ended;
  });
  await document.opened;
  return document;
}

const freeze = { type: 'freeze', rules: [{ match: { all: true }, trainable: false }] } as const;

describe.each(NAMES)('a model named %s', (name) => {
  it('opens, is edited, saved, kept, taken from and exported by its name', async () => {
    const folder = path.join(await temporaryFolder(), `in ${path.parse(name).name}`);
    const model = path.join(folder, name);
    await cp(SAMPLE, model);
    const document = await openAt(model);
    await document.edit(freeze);
    await document.edit({ type: 'operate', operation: { op: 'warmStart', from: name } });
    const { id } = await document.backup(uri(path.join(folder, `${name}.backup`)));
    expect(id).toContain('.backup');
    await expect.poll(() => readdir(path.join(folder, 'edits'))).toHaveLength(1);
    await document.save();
    const recipe = siblingOf(model, 'surgery');
    expect(await readRecipe(recipe)).toMatchObject({
      base: { path: model },
      operations: [{ op: 'warmStart', from: { path: model } }],
    });
    const again = await openAt(recipe);
    expect(again.model.base.path).toBe(model);
    expect(again.model.recipe.freeze).toEqual(document.model.recipe.freeze);
    const target = path.join(folder, `new ${name}`);
    const { base, graph } = again.model;
    await exportModel({ file: base, graph, faults: [], recipe: again.model.recipe }, target, 'h5', {});
    expect((await openModel(target)).graph.layers).toHaveLength(graph.layers.length);
    expect(await readFile(model)).toEqual(await readFile(SAMPLE));
  });

  it('is a class of images by its name', async () => {
    const folder = await temporaryFolder();
    for (const each of [name, 'other']) {
      await mkdir(path.join(folder, each));
      await writeFile(path.join(folder, each, `${name}.png`), '');
    }
    const classes = await classesOf(folder);
    // A name that begins with a dot alone is hidden.
    expect(classes.find((each) => each.name === name)).toEqual({ name, images: 1 });
  });
});

describe('names and links that the system refuses', () => {
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('are told by one error each, where a model is opened', async () => {
    const folder = await temporaryFolder();
    await symlink('loop.h5', path.join(folder, 'loop.h5'));
    await symlink('nowhere.h5', path.join(folder, 'dangling.h5'));
    const wrong = [
      path.join(folder, 'loop.h5'),
      path.join(folder, 'dangling.h5'),
      path.join(folder, `${'n'.repeat(300)}.h5`),
      path.join(folder, ...Array.from({ length: 30 }, () => 'd'.repeat(200)), 'x.h5'),
      '//server/share/x.h5',
    ];
    for (const file of wrong) {
      expect(await failureOf(openModel(file)), file.slice(0, 100)).toMatchObject({ kind: 'input' });
      const { state } = await openAt(file).catch(() => ({ state: { kind: 'thrown' } as const }));
      expect(state, file.slice(0, 100)).toMatchObject({ kind: 'unreadable' });
    }
  });

  it('a link to a model, or to its folder, opens the model; its recipe lies beside the link', async () => {
    const folder = await temporaryFolder();
    await cp(SAMPLE, path.join(folder, 'there/digits.h5'));
    await mkdir(path.join(folder, 'here'));
    await symlink('../there/digits.h5', path.join(folder, 'here/link.h5'));
    await symlink('../there', path.join(folder, 'here/folder'));
    for (const file of ['here/link.h5', 'here/folder/digits.h5']) {
      const document = await openAt(path.join(folder, file));
      await document.edit(freeze);
      await document.save();
      expect(await readRecipe(siblingOf(path.join(folder, file), 'surgery'))).toMatchObject({ freeze: [{}] });
    }
    expect(await readFile(path.join(folder, 'there/digits.h5'))).toEqual(await readFile(SAMPLE));
  });

  it('a name of 255 bytes is read; where nothing can be written beside it, that is said', async () => {
    const folder = await temporaryFolder();
    const model = path.join(folder, `${'n'.repeat(252)}.h5`);
    await cp(SAMPLE, model);
    const document = await openAt(model);
    await document.edit(freeze);
    const failure = await failureOf(document.save());
    expect(failure).toBeInstanceOf(Failure);
    expect(document.isDirty).toBe(true);
    expect((await readdir(folder)).filter((name) => name !== 'edits')).toEqual([path.basename(model)]);
  });
});
