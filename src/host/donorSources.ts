import path from 'node:path';
import * as vscode from 'vscode';
import type { OpenModel } from '../protocol/surgerySheets';
import type { DonorSources } from './donorChoice';
import type { ModelDocument } from './modelDocument';
import { isModelPath, MODEL_EXTENSIONS } from './modelPaths';
import { donorModel } from './namedPaths';
import type { OutsidePaths } from './outsidePaths';
import { t } from '../l10n/translate';

/** Where the other model of a graft or a warm start comes from in VS Code. */
export function donorSources(document: ModelDocument, outside: OutsidePaths): DonorSources {
  const labelOf = (file: string) => vscode.workspace.asRelativePath(file);
  return {
    labelOf,
    async open(file, isChosen, signal) {
      if (isChosen) await outside.choose(file);
      else await outside.allow([donorModel(file)], document.recipePath);
      return document.openDonor(file, signal);
    },
    openModels(): readonly OpenModel[] {
      const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
      const files = inputs.flatMap((input) =>
        input instanceof vscode.TabInputCustom &&
        input.uri.scheme === 'file' &&
        isModelPath(input.uri.path) &&
        input.uri.fsPath !== document.uri.fsPath
          ? [input.uri.fsPath]
          : [],
      );
      return [...new Set(files)].map((file) => ({ path: file, label: labelOf(file) }));
    },
    async browse() {
      const [file] =
        (await vscode.window.showOpenDialog({
          title: t('Model to take from'),
          openLabel: t('Choose'),
          defaultUri: vscode.Uri.file(path.dirname(document.uri.fsPath)),
          filters: { Models: [...MODEL_EXTENSIONS], [t('All files')]: ['*'] },
        })) ?? [];
      return file?.fsPath;
    },
  };
}
