import path from 'node:path';
import * as vscode from 'vscode';
import { exportModel } from '../../formats/exportModel';
import { formatForPath, formatNamed } from '../../formats/registry';
import { zooModel, type ZooWish } from '../../zoo/zooModel';
import { targetOf, type ExportTarget } from '../exportTarget';
import type { Messages } from '../messages';
import { openEditor } from '../modelFiles';
import { chooseFromZoo } from './gallery';
import { progressText } from './galleryItems';
import { zooStore } from './zooStore';

/** Of the bar, the part that is the download's; writing the model is quick beside it. */
const DOWNLOAD_SHARE = 90;

/**
 * A pretrained model as a file of the workspace, in the editor: asks which, what of it and where it goes, fetches its
 * weights where they are not cached, and writes it. A dialog that is dismissed ends it; a progress that is cancelled keeps
 * what came, for the next time.
 *
 * @param folder where the file is to go, by default
 * @throws Failure as choosing, fetching and writing do
 */
export async function openZoo(folder: vscode.Uri | undefined, messages: Messages): Promise<void> {
  const wish = await chooseFromZoo();
  if (!wish) return;
  const target = await askForTarget(wish, folder);
  if (!target) return;
  const done = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: wish.entry.name,
      cancellable: true,
    },
    (progress, token) => make(wish, target, progress, token),
  );
  if (!done) return;
  messages.log.info(`wrote ${target.path} (${wish.entry.name}${wish.random ? ', random weights' : ''})`);
  await openEditor(vscode.Uri.file(target.path));
}

/** @returns whether it came to its end */
async function make(
  wish: ZooWish,
  target: ExportTarget,
  progress: vscode.Progress<{ readonly message?: string; readonly increment?: number }>,
  token: vscode.CancellationToken,
): Promise<boolean> {
  const stop = new AbortController();
  token.onCancellationRequested(() => stop.abort());
  const { signal } = stop;
  let shown = 0;
  const show = (percent: number, message: string) => {
    // A notification that is told of each of thousands of chunks falls behind.
    if (percent - shown < 1 && percent < 100) return;
    progress.report({ increment: percent - shown, message });
    shown = percent;
  };
  try {
    progress.report({ message: wish.random ? 'building' : 'looking for its weights' });
    const model = await zooModel(wish, zooStore(), {
      signal,
      onProgress: (bytes, whole) =>
        show(whole === undefined ? shown : (DOWNLOAD_SHARE * bytes) / whole, progressText(bytes, whole)),
    });
    const before = shown;
    await exportModel(model, target.path, formatForPath(target.path).name, {
      // Where the dialog has seen the name, it has asked.
      force: target.confirmed,
      signal,
      onProgress: (share) => show(before + (100 - before) * share, 'writing the model'),
    });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

async function askForTarget(
  { entry }: ZooWish,
  folder: vscode.Uri | undefined,
): Promise<ExportTarget | undefined> {
  const base = folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${entry.name.toLowerCase()}.h5`;
  const chosen = await vscode.window.showSaveDialog({
    title: `Save ${entry.name}`,
    saveLabel: 'Save',
    ...(base && { defaultUri: vscode.Uri.joinPath(base, name) }),
    filters: { 'Keras HDF5': ['h5'], 'Keras 3': ['keras'] },
  });
  if (!chosen) return undefined;
  const extension = path.extname(chosen.fsPath).toLowerCase();
  return targetOf(chosen.fsPath, formatNamed(extension === '.keras' ? 'keras' : 'h5'));
}
