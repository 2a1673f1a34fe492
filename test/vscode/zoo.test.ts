import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { EditorPage } from './support/editorPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** From no file at all to a model in the editor: the gallery, its steps, the place, the file. */

const root = mkdtempSync(path.join(os.tmpdir(), 'zoo-'));
const workspace = path.join(root, 'workspace');

let testbed: Testbed;
let workbench: Workbench;

beforeAll(async () => {
  mkdirSync(workspace);
  // The workbench is ready when its Explorer shows something.
  writeFileSync(path.join(workspace, 'notes.txt'), '');
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

it('makes a pretrained model a file of the workspace, and opens it', async () => {
  const { page } = workbench;
  const list = page.locator('.quick-input-widget');
  const row = (text: string) => list.locator('.monaco-list-row').filter({ hasText: text });
  await workbench.quickCommand('Model Surgery: Pretrained Models…');
  await row('VGG16').first().waitFor();
  await workbench.screenshot('vscode-zoo-gallery');
  await list.locator('input.input').fill('MobileNetV2');
  await row('MobileNetV2').first().click();

  await row('Whole classifier').waitFor();
  await workbench.screenshot('vscode-zoo-part');
  await row('Feature maps').click();

  await row('ImageNet').waitFor();
  await workbench.screenshot('vscode-zoo-weights');
  await row('Random').click();

  await list.getByText('Height x width of its images').waitFor();
  await list.locator('input.input').fill('8');
  await list.getByText('expected whole sizes from 32').waitFor();
  await workbench.screenshot('vscode-zoo-size');
  await list.locator('input.input').fill('96');
  await page.keyboard.press('Enter');

  await list.getByText('Save MobileNetV2').waitFor();
  await list.getByRole('button', { name: 'OK', exact: true }).click();
  await workbench.expectInFront('mobilenetv2.h5');
  await EditorPage.inFront(workbench);
  await workbench.screenshot('vscode-zoo-opened');
  const file = path.join(workspace, 'mobilenetv2.h5');
  expect(existsSync(file)).toBe(true);
  expect((await openModel(file)).graph.layers.at(-1)?.name).toBe('out_relu');
});
