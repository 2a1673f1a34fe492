import path from 'node:path';
import * as vscode from 'vscode';
import type { ToTrainer } from '../protocol/trainer';
import { RUN_FILES } from '../runs/runFolder';
import { startTrainer, type TrainerProcess } from '../trainer/client';
import { findNode } from './nodeBinary';
import type { OutsidePaths } from './outsidePaths';
import { requireTrust } from './requireTrust';

export interface TrainerPlace {
  /** Where the extension is installed. */
  readonly extension: vscode.Uri;
  /** What is asked about before a trainer reads it. */
  readonly outside: OutsidePaths;
}

/**
 * Starts a trainer with the Node that the settings name.
 * @throws Failure where it does not start, the workspace is not trusted, or a path outside of it is not to be read
 */
export async function startTrainerOf(
  { extension, outside }: TrainerPlace,
  request: ToTrainer,
  options: { readonly detached?: boolean } = {},
): Promise<TrainerProcess> {
  requireTrust();
  await allowPaths(request, outside);
  const { fsPath: entry } = vscode.Uri.joinPath(extension, 'dist', 'trainer.js');
  const node = await findNode(vscode.workspace.getConfiguration('modelSurgery').get('nodePath', ''));
  return startTrainer(request, { entry, ...(node !== undefined && { node }), ...options });
}

async function allowPaths(request: ToTrainer, outside: OutsidePaths): Promise<void> {
  switch (request.type) {
    case 'train':
    case 'findRate':
    case 'evaluate':
      return outside.allowPlan(request.plan);
    case 'judge':
    case 'pictures':
      return outside.allowPlan(path.join(request.run, RUN_FILES.plan), 'data');
  }
}
