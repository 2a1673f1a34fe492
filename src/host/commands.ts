import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import type { EditorCommand } from '../protocol/editor';
import type { Messages } from './messages';
import { openEditor } from './modelFiles';
import { isModelPath, MODEL_EXTENSIONS } from './modelPaths';
import type { ModelEditorProvider } from './modelEditorProvider';
import type { OutsidePaths } from './outsidePaths';
import type { RunPanel } from './runPanel';
import { isActive, type RunRegistry } from './runRegistry';
import { showEngines } from './showEngines';
import { isPlanPath, isRecipePath } from './siblingFiles';
import type { Training } from './training';
import type { GalleryPanel } from './zoo/galleryPanel';
import { t } from '../l10n/translate';

/** Carried out by the page of the editor in front, on its selection. */
const EDITOR_COMMANDS = [
  'cutHere',
  'remove',
  'graftHead',
  'insertLayer',
  'replaceLayer',
  'removeBlock',
  'graftFrom',
  'warmStart',
  'inputShape',
  'freeze',
  'unfreeze',
  'freezeUpTo',
  'freezeFrom',
  'freezeByRegex',
  'invertFreezing',
  'unfreezeAll',
  'selectKind',
  'selectBefore',
  'selectAfter',
  'nextFault',
  'previousFault',
  'shortcuts',
  'train',
  'advise',
  'export',
  'search',
  'fit',
  'summary',
  'compare',
  'nextChange',
  'previousChange',
  'exportPicture',
  'expandAll',
  'collapseAll',
  'toggleDirection',
  'zoomToSelection',
  'goToInput',
  'goToOutput',
  'showPath',
] as const satisfies readonly EditorCommand[];

export interface CommandTargets {
  readonly extension: vscode.Uri;
  readonly outside: OutsidePaths;
  readonly editors: ModelEditorProvider;
  readonly panel: RunPanel;
  readonly gallery: GalleryPanel;
  readonly registry: RunRegistry;
  readonly training: Training;
  readonly messages: Messages;
}

/** Every command of package.json, and nothing else. */
export function registerCommands({
  extension,
  outside,
  editors,
  panel,
  gallery,
  registry,
  training,
  messages,
}: CommandTargets): vscode.Disposable {
  const register = <A extends unknown[]>(name: string, carryOut: (...args: A) => unknown) =>
    vscode.commands.registerCommand(`modelSurgery.${name}`, async (...args: A) => {
      try {
        await carryOut(...args);
      } catch (error) {
        await messages.error(error);
      }
    });
  /** The run a command is about: the one it names, else the one on screen. */
  const runOf = (id: unknown): string => {
    const run = typeof id === 'string' ? id : panel.shown;
    if (run !== null) return run;
    throw new Failure('usage', 'NO_RUN', t('there is no run yet; train a model first'));
  };
  return vscode.Disposable.from(
    register('fineTune', (uri?: vscode.Uri) => fineTune(uri)),
    register('openRecipe', (uri?: vscode.Uri) => openRecipe(uri)),
    register('trainPlan', (uri?: vscode.Uri) => training.startPlan(planOf(uri))),
    register('freezeSweep', async (uri?: vscode.Uri) => {
      const chosen = uri instanceof vscode.Uri ? uri : inFront(isPlanPath);
      const plan = chosen?.fsPath ?? (await editors.planInFront());
      if (plan !== undefined) {
        // It opens the model, which no window needs when it starts.
        const { freezeSweep } = await import('./compare/freezeSweep');
        return freezeSweep(plan, { training, registry, panel, messages });
      }
      throw new Failure(
        'usage',
        'NO_PLAN',
        t('nothing to train is in front; open a model to fine-tune, or a file named *.plan.json'),
      );
    }),
    register('resumeRun', async (id?: unknown) => {
      const run = typeof id === 'string' ? id : await chooseInterrupted(registry);
      if (run !== undefined) await training.resume(run);
    }),
    ...EDITOR_COMMANDS.map((command) => register(command, () => editors.carryOut(command))),
    register('showRuns', () => panel.reveal()),
    register('openRunsInTab', () => panel.openInTab()),
    register('stopRun', (id?: unknown) => {
      const run = registry.runs.find((candidate) => candidate.id === runOf(id) && isActive(candidate.status));
      return registry.stop(run?.id ?? registry.active[0]?.id ?? runOf(id));
    }),
    register('openResult', async (id?: unknown) =>
      openEditor(vscode.Uri.file(await registry.resultOf(runOf(id)))),
    ),
    register('showWeightMovement', async (id?: unknown) => {
      const result = vscode.Uri.file(await registry.resultOf(runOf(id)));
      await openEditor(result);
      await editors.carryOutIn(result, 'weightMovement');
    }),
    register('exportResult', async (id?: unknown) => exportResult(await registry.resultOf(runOf(id)))),
    register('showLog', () => messages.log.show()),
    register('showEngines', () => showEngines({ extension, outside })),
    register('openZoo', (uri?: vscode.Uri) => gallery.open(uri instanceof vscode.Uri ? uri : undefined)),
    register('openHubModule', async () => {
      // Readers and downloads, which no window needs when it starts.
      const { openHubModule } = await import('./zoo/openHubModule');
      return openHubModule(messages);
    }),
  );
}

async function fineTune(uri: vscode.Uri | undefined): Promise<void> {
  const model = uri instanceof vscode.Uri ? uri : (inFront(isModelPath) ?? (await chooseModel()));
  if (model) await openEditor(model);
}

/** The surgery that a recipe holds, on the model it names; its text opens without asking, as any JSON does. */
async function openRecipe(uri: vscode.Uri | undefined): Promise<void> {
  const recipe = uri instanceof vscode.Uri ? uri : inFront(isRecipePath);
  if (recipe) return openEditor(recipe);
  throw new Failure('usage', 'NO_RECIPE', t('no recipe is in front; choose a file named *.surgery.json'));
}

function planOf(uri: vscode.Uri | undefined): vscode.Uri {
  const plan = uri instanceof vscode.Uri ? uri : inFront(isPlanPath);
  if (plan) return plan;
  throw new Failure('usage', 'NO_PLAN', t('no plan is in front; choose a file named *.plan.json'));
}

/** One of the runs that did not come to their end, newest first. */
async function chooseInterrupted(registry: RunRegistry): Promise<string | undefined> {
  await registry.refresh();
  const runs = registry.runs.filter(({ status }) => status !== 'finished' && !isActive(status));
  if (runs.length === 0) {
    throw new Failure('usage', 'NO_RUN', t('no run was interrupted; all came to their end, or are going on'));
  }
  const chosen = await vscode.window.showQuickPick(
    runs.map(({ id, name, status, startedAt }) => ({
      label: name,
      description: t('{0}, started {1}', status, new Date(startedAt).toLocaleString()),
      detail: vscode.workspace.asRelativePath(id),
      id,
    })),
    {
      title: t('Resume a Run'),
      // A page that had the focus may take it again when the palette goes.
      ignoreFocusOut: true,
      placeHolder: t('Goes on from its newest checkpoint'),
      matchOnDetail: true,
    },
  );
  return chosen?.id;
}

/** The file that the tab in front shows, as text or bytes. */
function inFront(isWanted: (file: string) => boolean): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const named = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
  return named && isWanted(input.uri.path) ? input.uri : undefined;
}

async function chooseModel(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: t('Model to fine-tune'),
    openLabel: t('Fine-tune'),
    filters: { [t('Models')]: [...MODEL_EXTENSIONS] },
  });
  return chosen?.[0];
}

/** Copies a run's model to a place people choose; the dialog asks before it replaces a file. */
async function exportResult(result: string): Promise<void> {
  const run = path.basename(path.dirname(path.dirname(result)));
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(result));
  const target = await vscode.window.showSaveDialog({
    title: t('Export Result'),
    saveLabel: t('Export'),
    defaultUri: vscode.Uri.joinPath(folder, `${run}${path.extname(result)}`),
    filters: { [t('Keras model')]: ['h5'] },
  });
  if (!target) return;
  await vscode.workspace.fs.copy(vscode.Uri.file(result), target, { overwrite: true });
  const open = t('Open');
  const answer = await vscode.window.showInformationMessage(
    t('Exported {0}.', path.basename(target.fsPath)),
    open,
  );
  if (answer === open) await openEditor(target);
}
