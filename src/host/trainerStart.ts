import * as vscode from 'vscode';
import type { ToTrainer } from '../protocol/trainer';
import { startTrainer, type TrainerProcess } from '../trainer/client';
import { findNode } from './nodeBinary';
import { requireTrust } from './requireTrust';

/**
 * Starts a trainer with the Node that the settings name.
 * @throws Failure where it does not start, or the workspace is not trusted
 */
export async function startTrainerOf(
  extension: vscode.Uri,
  request: ToTrainer,
  options: { readonly detached?: boolean } = {},
): Promise<TrainerProcess> {
  requireTrust();
  const { fsPath: entry } = vscode.Uri.joinPath(extension, 'dist', 'trainer.js');
  const node = await findNode(vscode.workspace.getConfiguration('modelSurgery').get('nodePath', ''));
  return startTrainer(request, { entry, ...(node !== undefined && { node }), ...options });
}
