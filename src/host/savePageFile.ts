import path from 'node:path';
import * as vscode from 'vscode';
import type { SaveFile } from '../protocol/pageFiles';
import { suggestedPageFile, writePageFile } from './graphPicture';
import type { Messages } from './messages';

/** Asks where to, writes there, and offers to look at it; a dialog that is dismissed ends it. */
export async function savePageFile(modelPath: string, file: SaveFile, messages: Messages): Promise<void> {
  const { title, name, filters } = suggestedPageFile(modelPath, file);
  const chosen = await vscode.window.showSaveDialog({
    title,
    saveLabel: 'Save',
    defaultUri: vscode.Uri.file(path.join(path.dirname(modelPath), name)),
    filters,
  });
  if (!chosen) return;
  await writePageFile(chosen.fsPath, file);
  messages.log.info(`saved ${chosen.fsPath}`);
  void offer(chosen).catch((error: unknown) => messages.error(error));
}

async function offer(target: vscode.Uri): Promise<void> {
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(`Saved ${path.basename(target.fsPath)}.`, open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
