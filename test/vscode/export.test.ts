import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { repository } from '../support/python';
import { EditorPage } from './support/editorPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** A model under surgery goes to other files, and files of weights alone are looked at. */

const root = mkdtempSync(path.join(os.tmpdir(), 'export-'));
const workspace = path.join(root, 'workspace');
const at = (...names: string[]) => path.join(workspace, ...names);
const fixtures = path.join(repository, 'test/fixtures/tensorflow');

let testbed: Testbed;
let workbench: Workbench;

beforeAll(async () => {
  mkdirSync(workspace);
  cpSync(path.join(repository, 'samples/digits-0-4.h5'), at('digits.h5'));
  writeFileSync(
    at('digits.plan.json'),
    JSON.stringify({
      version: 1,
      model: 'digits.h5',
      data: { kind: 'images', train: 'images' },
      phases: [{ epochs: 2, optimizer: { kind: 'adam' } }],
    }),
  );
  for (const end of ['index', 'data-00000-of-00001']) {
    cpSync(path.join(fixtures, `name-based.${end}`), at(`weights.${end}`));
  }
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

const dialog = () => workbench.page.locator('.quick-input-widget');

/** Chooses a format from the list, and takes the place that the dialog offers. */
async function choose(format: string): Promise<void> {
  const rows = dialog().locator('.monaco-list-row');
  await rows.filter({ hasText: 'Keras HDF5' }).waitFor();
  await rows.filter({ has: workbench.page.getByText(format, { exact: true }) }).click();
  await dialog().getByText('Export as').waitFor();
}

/** In a browser VS Code draws the dialog itself, and calls its button so. */
async function accept(): Promise<void> {
  await dialog().getByRole('button', { name: 'OK', exact: true }).click();
}

async function namesOf(file: string): Promise<readonly string[]> {
  return (await openModel(file)).graph.layers.map((layer) => layer.name);
}

describe('export', () => {
  it('writes the model as it stands, from the button of the editor', async () => {
    await workbench.openFile('digits.h5');
    const editor = await EditorPage.inFront(workbench);
    await editor.select('flatten');
    await editor.act('cutHere');
    await editor.expectLayers(14);
    await editor.frame.getByRole('button', { name: 'Export…' }).click();
    await choose('Keras HDF5');
    await workbench.screenshot('vscode-export-dialog');
    await accept();
    const toast = await workbench.notification('Exported digits-new.h5.');
    expect(await namesOf(at('digits-new.h5'))).toHaveLength(14);
    expect(await namesOf(at('digits.h5'))).toHaveLength(17);
    expect(existsSync(at('digits.surgery.json'))).toBe(false);
    await toast.getByText('Open', { exact: true }).click();
    await workbench.expectInFront('digits-new.h5');
    await (await EditorPage.inFront(workbench)).expectLayers(14);
  });

  it('writes a script that trains by the plan beside the model, and shows it', async () => {
    await workbench.openFile('digits.h5');
    await workbench.expectInFront('digits.h5');
    await EditorPage.inFront(workbench);
    await workbench.quickCommand('Model Surgery: Export…');
    await choose('Python script with training');
    await accept();
    const toast = await workbench.notification('Exported digits-new.py.');
    const script = readFileSync(at('digits-new.py'), 'utf8');
    expect(script).toContain('model = keras.saving.load_model(HERE / "digits.h5", compile=False)');
    expect(script).toContain('# Cut after flatten.');
    expect(script).toContain('epochs=2');
    await toast.getByText('Open', { exact: true }).click();
    await workbench.expectInFront('digits-new.py');
    await workbench.screenshot('vscode-export-script');
  });
});

describe('a checkpoint', () => {
  it('is shown as weights alone from the Explorer', async () => {
    await workbench.explorerContextMenu('weights.index', 'Fine-tune');
    await workbench.expectInFront('weights.index');
    const editor = await EditorPage.inFront(workbench);
    await editor.frame.locator('.weights-banner').getByText('Weights only:').waitFor();
    expect(await editor.frame.getByRole('button', { name: 'Export…' }).isDisabled()).toBe(true);
    await workbench.screenshot('vscode-weights');
  });
});
