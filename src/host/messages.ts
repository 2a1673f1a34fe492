import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import { t } from '../l10n/translate';

export { asFailure } from './asFailure';

/** The output channel 'Model Surgery', and the way errors reach people: one sentence, with the log a click away. */
export class Messages implements vscode.Disposable {
  readonly log = vscode.window.createOutputChannel('Model Surgery', { log: true });

  /** Shows an error and returns the action chosen. */
  async error(error: unknown, ...actions: readonly string[]): Promise<string | undefined> {
    this.log.error(describe(error));
    if (!(error instanceof Failure) && error instanceof Error && error.stack) this.log.debug(error.stack);
    const showLog = t('Show Log');
    const chosen = await vscode.window.showErrorMessage(sentence(error), ...actions, showLog);
    if (chosen !== showLog) return chosen;
    this.log.show(true);
    return undefined;
  }

  dispose(): void {
    this.log.dispose();
  }
}

/** `H5_TRUNCATED: the file ends …`, for the log. */
export function describe(error: unknown): string {
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function sentence(error: unknown): string {
  const message = describe(error);
  const text = error instanceof Failure ? error.message : message;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
