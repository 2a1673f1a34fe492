import path from 'node:path';
import * as vscode from 'vscode';
import type { RunHealthFromPage, RunHealthToPage } from '../../protocol/runHealth';
import { inspectRun } from '../../runs/inspectRun';
import { RUN_FILES } from '../../runs/runFolder';
import type { RunRegistry } from '../runRegistry';

/** What a page asks about a run's folder. @throws Failure where what was asked for cannot be done */
export async function receiveHealth(
  message: RunHealthFromPage,
  registry: RunRegistry,
  post: (answer: RunHealthToPage) => void,
): Promise<void> {
  const { id } = message;
  const file = (name: string) => vscode.Uri.file(path.join(id, name));
  switch (message.type) {
    case 'askHealth': {
      const health = await inspectRun(id);
      post({ type: 'health', id, health });
      // Nothing else tells of a folder that went where nobody watches.
      if (health.faults.includes('gone')) await registry.refresh();
      return;
    }
    case 'openLog':
      return vscode.commands.executeCommand('vscode.open', file(RUN_FILES.log));
    case 'trainAgain':
      return vscode.commands.executeCommand('modelSurgery.trainPlan', file(RUN_FILES.plan));
    case 'deleteRun':
      return vscode.commands.executeCommand('modelSurgery.deleteRun', id);
  }
}
