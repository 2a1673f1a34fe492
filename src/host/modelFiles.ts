import path from 'node:path';
import * as vscode from 'vscode';
import { isCertainModelPath } from './modelPaths';

/** Opens a model, or a recipe, in the editor. */
export async function openEditor(model: vscode.Uri): Promise<void> {
  const view = isCertainModelPath(model.path) ? 'modelSurgery.editor' : 'modelSurgery.optionalEditor';
  await vscode.commands.executeCommand('vscode.openWith', model, view);
}

/** What people call it in a message. */
export function nameOf(file: vscode.Uri): string {
  return path.basename(file.fsPath);
}
