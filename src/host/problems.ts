import * as vscode from 'vscode';
import type { Fault } from '../core/failure';
import type { ModelDocument } from './modelDocument';

const SEVERITIES: Readonly<Record<Fault['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
};

/** A model has no lines: its findings are about the file. */
const WHOLE_FILE = new vscode.Range(0, 0, 0, 0);

/** VS Code's Problems panel holds what is wrong with the models that are open. */
export class Problems implements vscode.Disposable {
  private readonly diagnostics = vscode.languages.createDiagnosticCollection('modelSurgery');

  /** Keeps a document's findings up until it is closed. */
  watch(document: ModelDocument): void {
    const show = () => this.diagnostics.set(document.uri, findingsOf(document).map(toDiagnostic));
    document.onDidChange(show);
    document.onDidDispose(() => this.diagnostics.delete(document.uri));
    show();
  }

  dispose(): void {
    this.diagnostics.dispose();
  }
}

function findingsOf({ state }: ModelDocument): readonly Pick<Fault, 'severity' | 'code' | 'message'>[] {
  if (state.kind === 'unreadable') {
    const { code, message } = state.failure;
    return [{ severity: 'error', code, message }];
  }
  return state.kind === 'open' ? state.model.view.faults : [];
}

function toDiagnostic({
  severity,
  code,
  message,
}: Pick<Fault, 'severity' | 'code' | 'message'>): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(WHOLE_FILE, message, SEVERITIES[severity]);
  diagnostic.source = 'Model Surgery';
  diagnostic.code = code;
  return diagnostic;
}
