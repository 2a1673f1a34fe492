import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../support/python';
import { EditorPage } from './support/editorPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** A VS Code in Korean: menus, the extension's host and each page say so. */

const root = mkdtempSync(path.join(os.tmpdir(), 'korean-'));
const workspace = path.join(root, 'samples');
const MODEL = 'digits-0-4.h5';

let testbed: Testbed;
let workbench: Workbench;

beforeAll(async () => {
  for (const name of [MODEL, 'digits-5-9']) {
    cpSync(path.join(repository, 'samples', name), path.join(workspace, name), { recursive: true });
  }
  testbed = await openTestbed({ workspace, language: 'ko' });
  workbench = await openWorkbench(testbed);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

it('opens a model by its menu, and draws it', async () => {
  await workbench.explorerContextMenu(MODEL, '미세 조정');
  const { frame } = await EditorPage.inFront(workbench);
  expect(await frame.locator('html').getAttribute('lang')).toBe('ko');
  await frame.getByRole('button', { name: '여기서 자르기' }).first().waitFor();
  expect(await frame.locator('.totals-layers').innerText()).toMatch(/^레이어 17개/);
});

it('says what is refused, and why', async () => {
  await workbench.quickCommand('Model Surgery: 실행 재개…');
  await workbench.notification('중단된 실행이 없습니다');
  await workbench.closeNotifications();
});

it('trains, and tells of it', async () => {
  const { frame } = await EditorPage.inFront(workbench);
  await workbench.quickCommand('Model Surgery: 학습…');
  await frame.locator('.sheet .train-start').click();
  const runs = await workbench.webview('.run-panel .toolbar');
  await runs.locator('.outcome h2').filter({ hasText: '학습 완료' }).waitFor({ timeout: 180_000 });
  await workbench.screenshot('vscode-korean');
});
