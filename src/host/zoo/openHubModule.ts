import path from 'node:path';
import * as vscode from 'vscode';
import { showDownloaded } from '../../core/summary/amounts';
import { formatNamed } from '../../formats/registry';
import { refuseOverwrite } from '../../formats/replaceFile';
import { fetchHubModule } from '../../zoo/hub/fetchHubModule';
import { hubAddress } from '../../zoo/hub/hubAddress';
import { hubModel, type HubModel } from '../../zoo/hub/hubModel';
import { moduleAt } from '../../zoo/hub/hubModule';
import { recipeBeside, writeHubModel } from '../../zoo/hub/writeHubModel';
import { asFailure } from '../asFailure';
import { targetOf } from '../exportTarget';
import type { Messages } from '../messages';
import { openEditor } from '../modelFiles';
import { zooStore } from './zooStore';
import { t } from '../../l10n/translate';

/** Where a module is: an address, or a folder of this machine. */
type Place = { readonly address: string } | { readonly folder: string };

const FROM_ADDRESS = {
  label: `$(link) ${t('From a URL…')}`,
  detail: t('TensorFlow Hub, Kaggle, or any model.json or .tar.gz of a SavedModel.'),
};
const FROM_FOLDER = {
  label: `$(folder) ${t('From a Folder…')}`,
  detail: t('A SavedModel, or a TensorFlow.js model.'),
};

/**
 * A module of TensorFlow Hub as a model file of the workspace, frozen, in the editor. A dialog that is dismissed ends it; a
 * download that is cancelled keeps what came.
 * @throws Failure as fetching, reading and writing do
 */
export async function openHubModule(messages: Messages): Promise<void> {
  const place = await askForPlace();
  const made = place && (await withProgress((signal, show) => read(place, signal, show)));
  if (!made) return;
  const { name } = made.model.graph;
  const base = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showSaveDialog({
    title: t('Save {0}', name),
    saveLabel: t('Save'),
    ...(base && { defaultUri: vscode.Uri.joinPath(base, `${name}.h5`) }),
    filters: { 'Keras HDF5': ['h5'], 'Keras 3': ['keras'] },
  });
  if (!chosen) return;
  const format = path.extname(chosen.fsPath).toLowerCase() === '.keras' ? 'keras' : 'h5';
  const target = targetOf(chosen.fsPath, formatNamed(format));
  // The dialog has asked of the model alone.
  await refuseOverwrite(target.path, target.confirmed);
  await refuseOverwrite(recipeBeside(target.path, format), false);
  const written = await withProgress(async (signal, show) => {
    show(t('writing the model'));
    await writeHubModel(made, target.path, format, { force: target.confirmed, signal });
    return true;
  });
  if (!written) return;
  messages.log.info(`wrote ${target.path} (the module ${name})`);
  await openEditor(vscode.Uri.file(target.path));
}

async function askForPlace(): Promise<Place | undefined> {
  const title = t('TensorFlow Hub Module');
  const chosen = await vscode.window.showQuickPick([FROM_ADDRESS, FROM_FOLDER], {
    title,
    ignoreFocusOut: true,
  });
  if (chosen === FROM_FOLDER) {
    const [folder] =
      (await vscode.window.showOpenDialog({ title, canSelectFolders: true, canSelectFiles: false })) ?? [];
    return folder && { folder: folder.fsPath };
  }
  if (!chosen) return undefined;
  const address = await vscode.window.showInputBox({
    title,
    prompt: t(
      'The address of a module: https://tfhub.dev/…, a version of a model at Kaggle, a model.json or a .tar.gz',
    ),
    placeHolder: 'https://tfhub.dev/google/imagenet/inception_v3/feature_vector/5',
    ignoreFocusOut: true,
    validateInput: whatIsWrong,
  });
  return address === undefined ? undefined : { address };
}

function whatIsWrong(address: string): string | undefined {
  try {
    hubAddress(address);
    return undefined;
  } catch (error) {
    return asFailure(error).message;
  }
}

async function read(place: Place, signal: AbortSignal, show: (text: string) => void): Promise<HubModel> {
  const onProgress = (bytes: number, whole: number | undefined) => show(showDownloaded(bytes, whole ?? null));
  const module =
    'folder' in place
      ? await moduleAt(place.folder)
      : await fetchHubModule(place.address, zooStore(), { signal, onProgress });
  show(t('reading the module'));
  return hubModel(module, { signal });
}

/** @returns nothing where it was cancelled */
function withProgress<T>(
  work: (signal: AbortSignal, show: (text: string) => void) => Promise<T>,
): Thenable<T | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('TensorFlow Hub Module'),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    let shown = '';
    try {
      return await work(stop.signal, (message) => {
        // A notification that is told of each of thousands of chunks falls behind.
        if (message !== shown) progress.report({ message });
        shown = message;
      });
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    }
  });
}
