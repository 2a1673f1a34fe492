import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../support/python';
import { EditorPage } from './support/editorPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** What a page makes of a model is written where people say: pictures of the graph, and summaries. */

const root = mkdtempSync(path.join(os.tmpdir(), 'pictures-'));
const workspace = path.join(root, 'workspace');
const at = (name: string) => path.join(workspace, name);

let testbed: Testbed;
let workbench: Workbench;
let editor: EditorPage;

beforeAll(async () => {
  mkdirSync(workspace);
  cpSync(path.join(repository, 'samples/digits-0-4.h5'), at('digits.h5'));
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  await workbench.openFile('digits.h5');
  editor = await EditorPage.inFront(workbench);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

/** In a browser VS Code draws the dialog itself, and calls its button so. */
async function accept(title: string): Promise<void> {
  const dialog = workbench.page.locator('.quick-input-widget');
  await dialog.getByText(title).waitFor();
  await dialog.getByRole('button', { name: 'OK', exact: true }).click();
}

it('exports the graph as SVG and as PNG', async () => {
  const dialog = editor.frame.getByRole('dialog', { name: 'Export picture' });
  await workbench.quickCommand('Model Surgery: Export Picture…');
  await dialog.getByText('Save as…').click();
  await accept('Export Picture');
  await workbench.notification('Saved digits.svg.');
  const svg = readFileSync(at('digits.svg'), 'utf8');
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).toContain('<title>flatten</title>');

  await workbench.quickCommand('Model Surgery: Export Picture…');
  await dialog.locator('vscode-dropdown').last().click();
  await dialog.locator('vscode-option').filter({ hasText: 'PNG' }).click();
  await dialog.getByText('Save as…').click();
  await accept('Export Picture');
  await workbench.notification('Saved digits.png.');
  const [, width] = /width="(\d+)"/.exec(svg) ?? [];
  expect((await sharp(at('digits.png')).metadata()).width).toBe(2 * Number(width));
  expect(readdirSync(workspace).filter((name) => name.includes('.part'))).toEqual([]);
});

it('shows what changed since the file', async () => {
  await editor.select('flatten');
  await editor.act('cutHere');
  await editor.expectLayers(14);
  await workbench.quickCommand('Model Surgery: Show What Changed');
  await editor.frame.locator('.diff-chip[data-status=removed] .diff-count', { hasText: '3' }).waitFor();
  await workbench.quickCommand('Model Surgery: Go to Next Change');
  await editor.frame.locator('.diff-name').waitFor();
  await workbench.screenshot('vscode-what-changed');
  await workbench.quickCommand('Model Surgery: Show What Changed');
  await editor.frame.locator('.diff-panel').waitFor({ state: 'hidden' });
});

it('saves the summary', async () => {
  await workbench.quickCommand('Model Surgery: Show Summary');
  await editor.frame.getByText('Save as…').click();
  await accept('Save Summary');
  await workbench.notification('Saved digits-summary.txt.');
  const text = readFileSync(at('digits-summary.txt'), 'utf8');
  expect(text).toContain('flatten (Flatten)');
  expect(text).toMatch(/Total params: [\d,]+ \(/);
});
