import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/core/surgery/recipe';
import { fingerprintOf } from '../../src/formats/fingerprint';
import { openModel } from '../../src/formats/registry';
import { repository } from '../support/python';
import { EditorPage } from './support/editorPage';
import { openTestbed, openWorkbench, type Testbed, type Workbench } from './support/workbench';

/** A model under surgery goes to other files, and files of weights alone are looked at. */

const root = mkdtempSync(path.join(os.tmpdir(), 'export-'));
const workspace = path.join(root, 'workspace');
const at = (...names: string[]) => path.join(workspace, ...names);
const fixtures = path.join(repository, 'test/fixtures/tensorflow');

/** A gigabyte of new layers: to write them takes longer than to cancel it. */
const LARGE: Recipe = {
  version: 1,
  operations: [
    {
      op: 'append',
      after: 'flatten',
      layers: Array.from({ length: 16 }, () => ({ kind: 'Dense', config: { units: 4096 } })),
    },
  ],
  freeze: [],
};

/** A folder that nobody may write in: who may do everything is refused by the kernel's own files only. */
const locked = process.getuid?.() === 0 ? '/sys' : path.join(root, 'locked');

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
  cpSync(at('digits.h5'), at('large.h5'));
  writeFileSync(at('large.surgery.json'), JSON.stringify(LARGE));
  writeFileSync(
    at('shorter.surgery.json'),
    JSON.stringify({
      version: 1,
      base: { path: 'digits.h5', ...(await fingerprintOf(at('digits.h5'))) },
      operations: [{ op: 'cut', after: 'block2_relu' }],
    }),
  );
  if (locked !== '/sys') mkdirSync(locked, { mode: 0o555 });
  testbed = await openTestbed({ workspace });
  workbench = await openWorkbench(testbed);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
  await testbed?.stop();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

const dialog = () => workbench.page.locator('.quick-input-widget');

/** Chooses a format from the list, and waits for the dialog that asks where to. */
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

/** The dialog's own question, in its place: answered by accepting again. */
async function expectOverwriteAsked(name: string): Promise<void> {
  await dialog().getByText(`${name} already exists. Are you sure you want to overwrite it?`).waitFor();
}

/** Types another place than the one offered: again where it is taken back, as it is before its folder is listed. */
async function place(file: string): Promise<void> {
  const input = dialog().locator('input.input');
  let stays = 0;
  await expect
    .poll(
      async () => {
        if ((await input.inputValue()) === file) return ++stays;
        await input.fill(file);
        return (stays = 0);
      },
      { interval: 50 },
    )
    .toBeGreaterThan(10);
}

/** Says no to the question, which leads back to the dialog, and leaves that too. */
async function refuse(): Promise<void> {
  await dialog().getByRole('button', { name: 'Cancel', exact: true }).click();
  await dialog().getByText('Export as').waitFor();
  await workbench.page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'hidden' });
}

/** The editor of a file that is open already, asked to export. */
async function exportFrom(file: string, format: string): Promise<void> {
  await workbench.openFile(file);
  await workbench.expectInFront(file);
  await EditorPage.inFront(workbench);
  await workbench.quickCommand('Model Surgery: Export…');
  await choose(format);
}

/** What an export left in the workspace beside what it was to write: temporary files have names of their own. */
const temporaries = () => readdirSync(workspace).filter((name) => name.includes('.part'));

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

  it.each([
    ['Keras archive', 'digits-new.keras'],
    ['TensorFlow.js layers model', 'digits-tfjs'],
    ['safetensors', 'digits-new.safetensors'],
    ['ONNX', 'digits-new.onnx'],
  ])('writes %s', async (format, name) => {
    await exportFrom('digits.h5', format);
    await accept();
    await workbench.notification(`Exported ${name}.`);
    await workbench.closeNotifications();
    expect(await namesOf(at(name))).not.toEqual([]);
  });

  it('writes over a file when asked to, and not when not', async () => {
    writeFileSync(at('digits-new.h5'), 'older');
    await exportFrom('digits.h5', 'Keras HDF5');
    await accept();
    await expectOverwriteAsked('digits-new.h5');
    await refuse();
    expect(readFileSync(at('digits-new.h5'), 'utf8')).toBe('older');

    await exportFrom('digits.h5', 'Keras HDF5');
    await accept();
    await expectOverwriteAsked('digits-new.h5');
    await accept();
    await workbench.notification('Exported digits-new.h5.');
    expect(await namesOf(at('digits-new.h5'))).toHaveLength(14);
    await workbench.closeNotifications();
  });

  it('writes over a TensorFlow.js folder by the model.json in it', async () => {
    writeFileSync(at('digits-tfjs/model.json'), '{}');
    await exportFrom('digits.h5', 'TensorFlow.js layers model');
    await place(at('digits-tfjs/model.json'));
    await accept();
    await expectOverwriteAsked('model.json');
    await accept();
    await workbench.notification('Exported digits-tfjs.');
    expect(await namesOf(at('digits-tfjs'))).toHaveLength(14);
    await workbench.closeNotifications();
  });

  it('leaves nothing behind when it is cancelled', async () => {
    await workbench.openFile('large.h5');
    await workbench.expectInFront('large.h5');
    await EditorPage.inFront(workbench);
    await workbench.quickCommand('Model Surgery: Export…');
    await choose('Keras HDF5');
    await accept();
    const toast = await workbench.notification('Exporting large-new.h5');
    await expect.poll(temporaries, { timeout: 60_000 }).toHaveLength(1);
    await toast.getByText('Cancel', { exact: true }).click();
    // Heard between two weights, of which one is 64 MB.
    await expect.poll(temporaries, { timeout: 60_000 }).toEqual([]);
    await toast.waitFor({ state: 'hidden', timeout: 60_000 });
    expect(existsSync(at('large-new.h5'))).toBe(false);
  });

  it('says that a folder cannot be written in', async () => {
    await exportFrom('digits.h5', 'Keras HDF5');
    await place(path.join(locked, 'digits-new.h5'));
    await accept();
    const toast = await workbench.notification('there is no permission to write in its folder');
    expect(await toast.innerText()).toContain(path.join(locked, 'digits-new.h5'));
    await workbench.closeNotifications();
  });
});

describe('what was written', () => {
  it.each(['digits-new.keras', 'digits-new.safetensors'])('%s opens in the editor', async (name) => {
    await workbench.openFile(name);
    await workbench.expectInFront(name);
    await (await EditorPage.inFront(workbench)).expectLayers(14);
  });

  it('opens by the model.json of its folder', async () => {
    const row = workbench.page.locator('.explorer-folders-view .monaco-list-row');
    await row.filter({ has: workbench.page.getByText('digits-tfjs', { exact: true }) }).click();
    await row.filter({ has: workbench.page.getByText('model.json', { exact: true }) }).waitFor();
    await workbench.explorerContextMenu('model.json', 'Fine-tune');
    await workbench.expectInFront('model.json');
    await (await EditorPage.inFront(workbench)).expectLayers(14);
  });
});

describe('a recipe', () => {
  it('opens as text, and as the surgery it is from the Explorer', async () => {
    await workbench.openFile('shorter.surgery.json');
    await workbench.expectInFront('shorter.surgery.json');
    await workbench.page.locator('.monaco-editor .view-line', { hasText: '"cut"' }).waitFor();
    await workbench.explorerContextMenu('shorter.surgery.json', 'Open Surgery');
    const editor = await EditorPage.inFront(workbench);
    await editor.expectLayers(13);
    expect(await workbench.isDirty('shorter.surgery.json')).toBe(false);
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
