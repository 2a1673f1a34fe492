import * as vscode from 'vscode';

/** Called by VS Code once a window has started. The words come first: what is loaded after them may say some at once. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const { bundle: sentences, uri } = vscode.l10n;
  if (sentences !== undefined) {
    globalThis.modelSurgeryLanguage = { sentences, ...(uri?.scheme === 'file' && { file: uri.fsPath }) };
  }
  const extension = await import('./extension');
  extension.activate(context);
}
