import path from 'node:path';
import * as vscode from 'vscode';
import type { SaveFile } from '../protocol/pageFiles';
import { suggestedPageFile, writePageFile } from './graphPicture';
import type { Messages } from './messages';
import { t } from '../l10n/translate';

/** Asks where to, writes there, and offers to look at it; a dialog that is dismissed ends it. */
export async function savePageFile(modelPath: string, file: SaveFile, messages: Messages): Promise<void> {
  const { title, name, filters } = suggestedPageFile(modelPath, file);
  await saveAs(
    { title, filters, at: path.join(path.dirname(modelPath), name) },
    (target) => writePageFile(target, file),
    messages,
  );
}

/** What a dialog that asks where to begins with. */
export interface Suggestion {
  readonly title: string;
  /** A file's path. */
  readonly at: string;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/** The same for whatever is written: asks, has it written, and offers to open it. */
export async function saveAs(
  { title, at, filters }: Suggestion,
  write: (target: string) => Promise<unknown>,
  messages: Messages,
): Promise<void> {
  const chosen = await vscode.window.showSaveDialog({
    title,
    saveLabel: t('Save'),
    defaultUri: vscode.Uri.file(at),
    filters: Object.fromEntries(Object.entries(filters).map(([name, ends]) => [name, [...ends]])),
  });
  if (!chosen) return;
  await write(chosen.fsPath);
  messages.log.info(`saved ${chosen.fsPath}`);
  void offer(chosen).catch((error: unknown) => messages.error(error));
}

async function offer(target: vscode.Uri): Promise<void> {
  const open = t('Open');
  const answer = await vscode.window.showInformationMessage(
    t('Saved {0}.', path.basename(target.fsPath)),
    open,
  );
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
