import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/core/surgery/recipe';
import { repository } from '../support/python';
import { EditorPage } from './support/editorPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** What happens around a document: other files change, the workspace is a stranger's. */

const root = mkdtempSync(path.join(os.tmpdir(), 'documents-'));
const workspace = path.join(root, 'workspace');
const sample = path.join(repository, 'samples/digits-0-4.h5');

const cutAfterFlatten: Recipe = { version: 1, operations: [{ op: 'cut', after: 'flatten' }], freeze: [] };
/** A warm start from a model beside the workspace. */
const fromElsewhere: Recipe = {
  version: 1,
  operations: [{ op: 'warmStart', from: '../elsewhere/donor.h5' }],
  freeze: [],
};
const write = (file: string, value: unknown) =>
  writeFileSync(path.join(workspace, file), JSON.stringify(value, null, 2));

/** Each of its signs means something else to a URI, a shell or a file system. */
const HARD_NAME = '한글 #1 100%.h5';

let testbed: Testbed;
let workbench: Workbench;

beforeAll(async () => {
  for (const name of ['stranger.h5', 'changing.h5', 'plain.h5', 'outside.h5', HARD_NAME])
    cpSync(sample, path.join(workspace, name));
  cpSync(sample, path.join(root, 'elsewhere/donor.h5'));
  cpSync(path.join(repository, 'samples/digits-5-9'), path.join(workspace, 'digits-5-9'), {
    recursive: true,
  });
  write('stranger.surgery.json', {
    ...cutAfterFlatten,
    base: { path: 'stranger.h5', sha256: '0'.repeat(64), bytes: 7 },
  });
  write('changing.surgery.json', cutAfterFlatten);
  write('outside.surgery.json', fromElsewhere);
  testbed = await openTestbed({ workspace, trust: false, replaces: ['changing.h5'] });
  workbench = await openWorkbench(testbed);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

describe('a document and the files around it', () => {
  it('asks before it uses a recipe that was made for another model', async () => {
    await workbench.openFile('stranger.h5');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('stranger.surgery.json was made for another stranger.h5');
    await dialog.getByText('Ignore Recipe').click();
    const editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(17);
  });

  it('carries out the recipe beside the model, and follows the recipe’s file', async () => {
    await workbench.openFile('changing.h5');
    await workbench.expectInFront('changing.h5');
    const editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(14);
    write('changing.surgery.json', { ...cutAfterFlatten, operations: [{ op: 'cut', after: 'block2_relu' }] });
    await editor.expectLayers(13);
    expect(await workbench.isDirty('changing.h5')).toBe(false);
  });

  it('says that the model changed on disk, and reads it again when asked', async () => {
    const file = path.join(workspace, 'changing.h5');
    writeFileSync(file, readFileSync(file).subarray(0, 40_000));
    const toast = await workbench.notification('changing.h5 changed on disk');
    await toast.getByText('Reload', { exact: true }).click();
    await workbench.webview('.state[role="alert"] .state-message:text-matches("changing\\\\.h5")');
    cpSync(sample, file);
    const editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(13);
  });

  it('does not train in a workspace that is not trusted, and says so', async () => {
    await workbench.openFile('plain.h5');
    await workbench.expectInFront('plain.h5');
    const editor = await EditorPage.inFront(workbench);
    await editor.frame.locator('.header-train').click();
    await editor.frame.locator('.sheet .train-start').click();
    await workbench.notification('which this workspace is not trusted with');
    await workbench.screenshot('vscode-untrusted');
    await workbench.closeNotifications();
  });

  it('are edited and found again by a name that URIs and shells would read otherwise', async () => {
    await workbench.openFile(HARD_NAME);
    await workbench.expectInFront(HARD_NAME);
    let editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(17);
    const before = await editor.total('Trainable');
    await editor.select('block2_conv');
    await editor.act('freeze');
    await expect.poll(() => editor.total('Trainable')).toBeLessThan(before);
    const after = await editor.total('Trainable');
    await workbench.quickCommand('File: Save');
    await expect.poll(() => existsSync(path.join(workspace, '한글 #1 100%.surgery.json'))).toBe(true);
    await expect.poll(() => workbench.isDirty(HARD_NAME)).toBe(false);
    await workbench.quickCommand('View: Close Editor');
    await workbench.page.locator(`.tab[data-resource-name="${HARD_NAME}"]`).waitFor({ state: 'hidden' });
    await workbench.openFile(HARD_NAME);
    await workbench.expectInFront(HARD_NAME);
    editor = await EditorPage.inFront(workbench);
    await expect.poll(() => editor.total('Trainable')).toBe(after);
  });

  it('that take from outside of the workspace do so once it is trusted, and people say so', async () => {
    const { page } = workbench;
    await workbench.openFile('outside.h5');
    const told = (text: string) => workbench.webview(`.state[role="alert"] .state-message:text("${text}")`);
    await told('the workspace is not trusted');
    await workbench.quickCommand('Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain(path.join(root, 'elsewhere/donor.h5'));
    await dialog.getByText('Cancel', { exact: true }).click();
    // Read behind the editor of trust, which lies over all others.
    await told('you did not allow that');
    write('outside.surgery.json', { ...fromElsewhere, freeze: [{ match: { all: true } }] });
    await dialog.waitFor();
    await dialog.getByText('Read It', { exact: true }).click();
    await (await EditorPage.inFront(workbench)).expectLayers(17);
  });
});
