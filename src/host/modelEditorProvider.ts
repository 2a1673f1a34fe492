import * as vscode from 'vscode';
import type { Plan } from '../core/plan/plan';
import type { EditorCommand } from '../protocol/editor';
import type { EditorServices, EditorSession } from './editorSession';
import type { ModelDocument } from './modelDocument';
import { Problems } from './problems';
import { webviewHtml, webviewOptions } from './webviewHtml';

/** Opens what is a model by its name; the other one, what may be one and recipes, only when asked for. */
export const EDITOR_VIEWS = ['modelSurgery.editor', 'modelSurgery.optionalEditor'] as const;

/** A hidden page is kept: a selection and a half-written head are worth more than the memory of one page. */
export const EDITOR_OPTIONS = {
  supportsMultipleEditorsPerDocument: true,
  webviewOptions: { retainContextWhenHidden: true },
};

/**
 * VS Code's side of the model editor: documents come and go, edits land on VS Code's own undo stack, saves, reverts
 * and backups are passed on. What reads models is loaded with the first document, not with the window.
 */
export class ModelEditorProvider implements vscode.CustomEditorProvider<ModelDocument>, vscode.Disposable {
  private readonly sessions = new Set<EditorSession>();
  private readonly problems = new Problems();
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<ModelDocument>>();
  readonly onDidChangeCustomDocument = this.edited.event;
  private readonly resolved = new vscode.EventEmitter<EditorSession>();

  constructor(private readonly services: EditorServices) {}

  async openCustomDocument(
    uri: vscode.Uri,
    context: vscode.CustomDocumentOpenContext,
  ): Promise<ModelDocument> {
    const { ModelDocument } = await import('./modelDocument');
    const backup = context.backupId === undefined ? undefined : vscode.Uri.parse(context.backupId);
    const { messages, outside, journals } = this.services;
    const document = new ModelDocument(uri, messages, outside, journals, backup);
    this.problems.watch(document);
    document.onDidEdit((edit) => this.edited.fire({ document, ...edit }));
    return document;
  }

  async resolveCustomEditor(document: ModelDocument, panel: vscode.WebviewPanel): Promise<void> {
    const { EditorSession } = await import('./editorSession');
    const session = new EditorSession(document, panel, this.services);
    this.sessions.add(session);
    this.resolved.fire(session);
    // VS Code knows the document now, and hears of its edits.
    document.takeUpLeft().catch((error: unknown) => this.services.messages.error(error));
    panel.onDidDispose(() => {
      this.sessions.delete(session);
      session.dispose();
    });
    const { extension } = this.services;
    panel.webview.options = webviewOptions(extension);
    panel.webview.html = webviewHtml(panel.webview, extension, 'editor');
  }

  async saveCustomDocument(document: ModelDocument): Promise<void> {
    await document.save();
  }

  async saveCustomDocumentAs(document: ModelDocument, destination: vscode.Uri): Promise<void> {
    await document.saveAs(destination);
  }

  async revertCustomDocument(document: ModelDocument): Promise<void> {
    await document.revert();
  }

  async backupCustomDocument(
    document: ModelDocument,
    context: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    return document.backup(context.destination);
  }

  /** To the editor in front, if it is one of ours. */
  carryOut(command: EditorCommand): void {
    for (const session of this.sessions) {
      if (session.panel.active) return session.carryOut(command);
    }
  }

  /**
   * Fills the training form of an editor that is open or being opened, and opens it.
   * @returns whether a form can say what the plan says
   */
  async fillTraining(uri: vscode.Uri, plan: Plan): Promise<boolean> {
    return (await this.sessionOf(uri)).fillTraining(plan);
  }

  /** Resolves when there is one. */
  private sessionOf(uri: vscode.Uri): Promise<EditorSession> {
    const isOfIt = ({ document }: EditorSession) => document.uri.toString() === uri.toString();
    const open = [...this.sessions].find(isOfIt);
    if (open) return Promise.resolve(open);
    return new Promise((resolve) => {
      const listening = this.resolved.event((session) => {
        if (!isOfIt(session)) return;
        listening.dispose();
        resolve(session);
      });
    });
  }

  /** To the editor of a file that is open or being opened, once its page has the model. */
  async carryOutIn(uri: vscode.Uri, command: EditorCommand): Promise<void> {
    (await this.sessionOf(uri)).carryOutOnceOpen(command);
  }

  /** Saves what the editor in front would train, and gives back its plan; nothing where none of ours is in front. */
  async planInFront(): Promise<string | undefined> {
    for (const session of this.sessions) {
      if (session.panel.active) return session.planFile();
    }
    return undefined;
  }

  dispose(): void {
    this.problems.dispose();
    this.edited.dispose();
    this.resolved.dispose();
  }
}
