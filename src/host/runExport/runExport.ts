import * as vscode from 'vscode';
import type { RunExportToHost } from '../../protocol/runExport';
import { readNotes } from '../../runs/runNotes';
import { readRun } from '../../runs/runReader';
import { writeMetrics, writeReport } from '../../runs/writeReport';
import { writePageFile } from '../graphPicture';
import type { Messages } from '../messages';
import { saveAs } from '../savePageFile';
import { suggestExport, type RunExport } from './suggestions';

/** What a page of the run panel asks for. @throws Failure where the run cannot be read, or the file not be written */
export async function receiveExport(message: RunExportToHost, messages: Messages): Promise<void> {
  switch (message.type) {
    case 'exportMetrics':
      return exportRun(message.id, { what: 'metrics' }, messages);
    case 'exportReport':
      return exportRun(message.id, { what: 'report' }, messages);
    case 'exportModel':
      return vscode.commands.executeCommand('modelSurgery.exportResult', message.id);
    case 'saveChart': {
      const { id, metric, extension, content } = message;
      return saveAs(
        suggest(id, { what: 'chart', metric, extension }),
        (target) => writePageFile(target, { type: 'saveFile', of: 'picture', extension, content }),
        messages,
      );
    }
  }
}

/**
 * Asks where to, and writes. The folder is read when a place was chosen: what is written is what the run had got to by then.
 *
 * @throws Failure where the run cannot be read, or the file not be written
 */
export async function exportRun(
  run: string,
  wanted: Extract<RunExport, { readonly what: 'metrics' | 'report' }>,
  messages: Messages,
): Promise<void> {
  const write = async (target: string) => {
    const record = await readRun(run);
    const { name = record.name } = await readNotes(run);
    await (wanted.what === 'metrics'
      ? writeMetrics(target, record)
      : writeReport(target, { ...record, name }));
  };
  await saveAs(suggest(run, wanted), write, messages);
}

function suggest(run: string, wanted: RunExport) {
  const folder =
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(run)) ?? vscode.workspace.workspaceFolders?.[0];
  return suggestExport(run, folder?.uri.fsPath, wanted);
}
