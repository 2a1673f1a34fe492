import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { zooEntry } from '../../src/zoo/registry';
import { publishedFor } from '../../src/zoo/zooModel';
import { serveFiles, stallAfter } from '../support/fileServer';
import { publishWeights } from '../support/publishedWeights';
import { EditorPage } from './support/editorPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** From no file at all to a model in the editor: the gallery, a download that is stopped and gone on with, the file. */

const root = mkdtempSync(path.join(os.tmpdir(), 'zoo-'));
const workspace = path.join(root, 'workspace');
const zoo = path.join(root, 'cache');

let testbed: Testbed | undefined;
let workbench: Workbench | undefined;

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  delete process.env['MODEL_SURGERY_ZOO'];
  delete process.env['MODEL_SURGERY_ZOO_MIRROR'];
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

/** The weights of MobileNetV2 without its top as they are published, at their place on a mirror. */
async function published() {
  const wish = { entry: zooEntry('MobileNetV2'), options: { includeTop: false }, random: false } as const;
  const address = publishedFor(wish)?.url ?? '';
  const file = path.join(root, 'published.h5');
  await publishWeights(wish.entry.build(wish.options), file);
  return { path: new URL(address).pathname, bytes: readFileSync(file) };
}

/** Accepts the place that the dialog begins with. */
async function save({ page }: Workbench, name: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget');
  await dialog.getByText(`Save ${name}`).waitFor();
  await dialog.getByRole('button', { name: 'OK', exact: true }).click();
}

const row = (gallery: FrameLocator, name: string) => gallery.locator(`[id="model-${name}"]`);

it('makes a pretrained model a file of the workspace, and opens it', async () => {
  mkdirSync(workspace);
  // The workbench is ready when its Explorer shows something.
  writeFileSync(path.join(workspace, 'notes.txt'), '');
  const weights = await published();
  const server = await serveFiles(new Map([[weights.path, weights.bytes]]));
  Object.assign(process.env, { MODEL_SURGERY_ZOO: zoo, MODEL_SURGERY_ZOO_MIRROR: server.address });
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
  const bench = workbench;

  await bench.quickCommand('Model Surgery: Pretrained Models…');
  let gallery = await bench.webview('.gallery');
  await row(gallery, 'VGG16').waitFor();
  await bench.screenshot('vscode-gallery');

  // Random weights: nothing is asked of a server.
  await gallery.getByRole('textbox', { name: 'Search models' }).fill('mobilenet keras');
  await row(gallery, 'MobileNet').click();
  await gallery.getByRole('radio', { name: 'Random' }).check();
  const size = gallery.getByRole('textbox', { name: 'Input size in pixels' });
  await size.fill('8');
  await gallery.getByText('expected whole sizes from 32').waitFor();
  await size.fill('96');
  await gallery.getByText('3 × 3 × 1024', { exact: true }).waitFor();
  await gallery.getByRole('button', { name: 'Open…', exact: true }).click();
  await save(bench, 'MobileNet');
  await bench.expectInFront('mobilenet.h5');
  await EditorPage.inFront(bench);
  expect(server.asked).toEqual([]);

  // The page comes back with the window, as it was looked at.
  await bench.quickCommand('Model Surgery: Pretrained Models…');
  await bench.webview('.gallery');
  await bench.reload();
  gallery = await bench.webview('.gallery');
  await row(gallery, 'MobileNetV2').click();
  expect(await gallery.getByRole('textbox', { name: 'Search models' }).inputValue()).toBe('mobilenet keras');
  expect(await gallery.getByRole('radio', { name: 'Random' }).isChecked()).toBe(true);

  // A download that comes to a halt, is stopped, and goes on where it was.
  const half = Math.floor(weights.bytes.length / 2);
  server.troubles.push(stallAfter(half));
  await gallery.getByRole('radio', { name: 'ImageNet' }).check();
  await gallery.getByRole('button', { name: 'Download and open…' }).click();
  await save(bench, 'MobileNetV2');
  const bar = gallery.getByRole('progressbar');
  await expect.poll(() => bar.getAttribute('aria-valuenow'), { timeout: 60_000 }).toMatch(/^(49|50)$/);
  await bench.notification(/MobileNetV2.* of /);
  await bench.screenshot('vscode-gallery-downloading');
  await gallery.getByRole('button', { name: 'Cancel' }).click();
  await gallery.getByText('was stopped; what came is kept').waitFor();
  await gallery.getByText('came earlier; the download goes on from there').waitFor();
  expect(existsSync(path.join(workspace, 'mobilenetv2.h5'))).toBe(false);
  await gallery.getByRole('button', { name: 'Resume', exact: true }).click();
  await bench.expectInFront('mobilenetv2.h5');
  await EditorPage.inFront(bench);
  expect(server.asked).toEqual([`GET ${weights.path}`, expect.stringMatching(/ bytes=[1-9]\d*-$/)]);
  await bench.screenshot('vscode-zoo-opened');
  const made = await openModel(path.join(workspace, 'mobilenetv2.h5'));
  expect(made.graph.layers.at(-1)?.name).toBe('out_relu');
});
