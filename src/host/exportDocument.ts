import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import { exportModel, type ModelToExport } from '../formats/exportModel';
import { labelsAfter, refuseWeightsOnly } from '../formats/operatedModel';
import { readPlan } from '../formats/planFile';
import { writableFormats } from '../formats/registry';
import { exportChoices, extensionsOf, type ExportChoice } from './exportChoices';
import type { Messages } from './messages';
import type { ModelDocument } from './modelDocument';
import { nameOf, openEditor } from './modelFiles';
import { modelName, siblingOf } from './siblingFiles';

/**
 * Asks for a format and a place, writes the model as it stands there, and offers to look at it. A dialog that is
 * dismissed ends it; a progress that is cancelled leaves nothing behind.
 * @throws Failure that says why the model cannot be exported
 */
export async function exportDocument(document: ModelDocument, messages: Messages): Promise<void> {
  const model = modelOf(document);
  const planFile = siblingOf(model.file.path, 'plan');
  const choice = await vscode.window.showQuickPick(
    exportChoices(writableFormats(), existsSync(planFile)).map((each) => ({ ...each })),
    {
      title: `Export ${document.fileName}`,
      placeHolder: 'Format',
      matchOnDetail: true,
      // A closing palette gives the focus back to the page behind, sometimes after this list has opened.
      ignoreFocusOut: true,
    },
  );
  if (!choice) return;
  const target = await askForTarget(model.file.path, choice);
  if (!target) return;
  const plan = choice.withPlan ? await readPlan(planFile) : undefined;
  const done = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Exporting ${nameOf(target.uri)}`,
      cancellable: true,
    },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      try {
        await exportModel(model, target.uri.fsPath, choice.format.name, {
          force: target.confirmed,
          signal: stop.signal,
          ...(plan && { plan }),
          onProgress: (share) => {
            progress.report({ increment: share * 100 - shown });
            shown = share * 100;
          },
        });
        return true;
      } catch (error) {
        if (stop.signal.aborted) return false;
        throw error;
      }
    },
  );
  if (!done) return;
  messages.log.info(`exported ${target.uri.fsPath} (${choice.format.name})`);
  // Shown until somebody answers it, which the export does not wait for.
  void offer(target.uri, choice).catch((error: unknown) => messages.error(error));
}

/** @throws Failure for the first fault, and for weights without an architecture */
function modelOf(document: ModelDocument): ModelToExport {
  const { base, graph, recipe, errors } = document.model;
  refuseWeightsOnly(base);
  const [fault, ...others] = errors;
  if (fault) {
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    throw new Failure('input', fault.code, `the model cannot be exported: ${fault.message}${more}`);
  }
  const labels = labelsAfter(base, graph);
  return { file: base, graph, faults: errors, recipe, ...(labels && { labels }) };
}

interface Target {
  readonly uri: vscode.Uri;
  /** The dialog has asked whether to write over what is there. */
  readonly confirmed: boolean;
}

/** A file's name gets its format's extension; a name that the dialog has not seen is never written over. */
async function askForTarget(modelPath: string, { format, label }: ExportChoice): Promise<Target | undefined> {
  const extensions = extensionsOf(format);
  const [extension] = extensions;
  const name =
    extension === undefined ? `${modelName(modelPath)}-tfjs` : `${modelName(modelPath)}-new.${extension}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(modelPath));
  const beside = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(modelPath))
    ? vscode.Uri.file(path.dirname(modelPath))
    : folder;
  const chosen = await vscode.window.showSaveDialog({
    title: `Export as ${label}`,
    saveLabel: 'Export',
    defaultUri: vscode.Uri.joinPath(beside, name),
    ...(extension !== undefined && { filters: { [format.title]: [...extensions] } }),
  });
  if (!chosen) return undefined;
  const has = path.extname(chosen.fsPath).slice(1).toLowerCase();
  if (extension === undefined) return { uri: chosen, confirmed: false };
  if (extensions.includes(has)) return { uri: chosen, confirmed: true };
  return { uri: chosen.with({ path: `${chosen.path}.${extension}` }), confirmed: false };
}

async function offer(target: vscode.Uri, { format }: ExportChoice): Promise<void> {
  const [open, reveal] = ['Open', 'Reveal'];
  const answer = await vscode.window.showInformationMessage(`Exported ${nameOf(target)}.`, open, reveal);
  if (answer === open) await openExported(target, format.name);
  if (answer === reveal) {
    const inside = vscode.workspace.getWorkspaceFolder(target) !== undefined;
    await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', target);
  }
}

async function openExported(target: vscode.Uri, format: string): Promise<void> {
  if (format === 'python') await vscode.window.showTextDocument(target);
  else await openEditor(format === 'tfjs' ? vscode.Uri.joinPath(target, 'model.json') : target);
}
