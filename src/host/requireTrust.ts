import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

/** @throws Failure of kind `usage` (`UNTRUSTED`) where the workspace's files are not to be computed with */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new Failure(
    'usage',
    'UNTRUSTED',
    t(
      'it starts a process, which this workspace is not trusted with; trust the workspace to train and judge in it',
    ),
  );
}
