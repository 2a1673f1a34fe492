import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import { exportModel, type ModelToExport } from '../formats/exportModel';
import { labelsAfter } from '../formats/operatedModel';
import { refuseWeightsOnly } from '../formats/refuseWeightsOnly';
import { readPlan } from '../formats/planFile';
import { writableFormats } from '../formats/registry';
import { exportChoices, extensionsOf, type ExportChoice } from './exportChoices';
import type { Messages } from './messages';
import type { ModelDocument } from './modelDocument';
import { nameOf, openEditor } from './modelFiles';
import { suggestedName, targetOf } from './exportTarget';
import { siblingOf } from './siblingFiles';
import { t } from '../l10n/translate';

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
      title: t('Export {0}', document.fileName),
      placeHolder: t('Format'),
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
      title: t('Exporting {0}', path.basename(target)),
      cancellable: true,
    },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      try {
        await exportModel(model, target, choice.format.name, {
          // Asked above, wherever something was there.
          force: true,
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
  messages.log.info(`exported ${target} (${choice.format.name})`);
  // Shown until somebody answers it, which the export does not wait for.
  void offer(vscode.Uri.file(target), choice).catch((error: unknown) => messages.error(error));
}

/** @throws Failure for the first fault, and for weights without an architecture */
function modelOf(document: ModelDocument): ModelToExport {
  const { base, graph, recipe, errors } = document.model;
  refuseWeightsOnly(base);
  const [fault, ...others] = errors;
  if (fault) {
    const message =
      others.length > 0
        ? t('the model cannot be exported: {0} (and {1} more)', fault.message, others.length)
        : t('the model cannot be exported: {0}', fault.message);
    throw new Failure('input', fault.code, message);
  }
  const labels = labelsAfter(base, graph);
  return { file: base, graph, faults: errors, recipe, ...(labels && { labels }) };
}

/** Where to, and that what is there may go; undefined where people thought better of it. */
async function askForTarget(modelPath: string, { format, label }: ExportChoice): Promise<string | undefined> {
  const extensions = extensionsOf(format);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(modelPath));
  const beside = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(modelPath))
    ? vscode.Uri.file(path.dirname(modelPath))
    : folder;
  const chosen = await vscode.window.showSaveDialog({
    title: t('Export as {0}', label),
    saveLabel: t('Export'),
    defaultUri: vscode.Uri.joinPath(beside, suggestedName(modelPath, format)),
    ...(extensions.length > 0 && { filters: { [format.title]: [...extensions] } }),
  });
  if (!chosen) return undefined;
  const target = targetOf(chosen.fsPath, format);
  const mayGo = target.confirmed || !existsSync(target.path) || (await confirmOverwrite(target.path));
  return mayGo ? target.path : undefined;
}

/** For a name that the dialog has not seen: it was given an extension, or is a folder. */
async function confirmOverwrite(target: string): Promise<boolean> {
  const overwrite = t('Overwrite');
  const answer = await vscode.window.showWarningMessage(
    t('{0} already exists. Overwrite it?', path.basename(target)),
    { modal: true, detail: t('What is in {0} now will be lost.', target) },
    overwrite,
  );
  return answer === overwrite;
}

async function offer(target: vscode.Uri, { format }: ExportChoice): Promise<void> {
  const [open, reveal] = [t('Open'), t('Reveal')];
  const answer = await vscode.window.showInformationMessage(t('Exported {0}.', nameOf(target)), open, reveal);
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
