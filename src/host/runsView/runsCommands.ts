import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../core/failure';
import { MOST_COMPARED } from '../../protocol/runComparison';
import { RUN_FILES } from '../../runs/runFolder';
import { faultOfName, parseTags } from '../../runs/runNotes';
import type { Messages } from '../messages';
import { exportRun } from '../runExport/runExport';
import type { ModelEditorProvider } from '../modelEditorProvider';
import type { OutsidePaths } from '../outsidePaths';
import type { RunPanel } from '../runPanel';
import type { Training } from '../training';
import { isActive, type RunRegistry } from '../runRegistry';
import { metricsOf } from './runsModel';
import type { RunsTree } from './runsTree';
import { t } from '../../l10n/translate';

export interface RunsCommandTargets {
  readonly tree: RunsTree;
  readonly registry: RunRegistry;
  readonly panel: RunPanel;
  readonly training: Training;
  readonly editors: ModelEditorProvider;
  readonly outside: OutsidePaths;
  readonly messages: Messages;
}

/** What the tree of runs offers; each is about the run it is given, else the one selected, else the one on screen. */
export function registerRunsCommands({
  tree,
  registry,
  panel,
  training,
  editors,
  outside,
  messages,
}: RunsCommandTargets): vscode.Disposable {
  const register = (name: string, carryOut: (run: string, all: readonly string[]) => unknown) =>
    vscode.commands.registerCommand(`modelSurgery.${name}`, async (id?: unknown, ids?: unknown) => {
      try {
        const run = typeof id === 'string' ? id : (tree.selection[0] ?? panel.shown);
        if (run === null) throw new Failure('usage', 'NO_RUN', t('there is no run yet; train a model first'));
        const several = Array.isArray(ids) ? ids.filter((other) => typeof other === 'string') : [];
        // A key passes nothing: it is about all that is selected.
        const selected = id === undefined && tree.selection.length > 0 ? tree.selection : [run];
        await carryOut(run, several.length > 0 ? several : selected);
      } catch (error) {
        await messages.error(error);
      }
    });
  const registerPlain = (name: string, carryOut: () => unknown) =>
    vscode.commands.registerCommand(`modelSurgery.${name}`, async () => {
      try {
        await carryOut();
      } catch (error) {
        await messages.error(error);
      }
    });
  return vscode.Disposable.from(
    registerPlain('refreshRuns', () => registry.refresh()),
    registerPlain('sortRuns', () => chooseOrder(tree, registry)),
    registerPlain('filterRuns', () => chooseFilter(tree)),
    registerPlain('clearRunsFilter', () => tree.arrange({ filter: '' })),
    register('openRun', async (run) => {
      await panel.show(run);
      await panel.reveal();
    }),
    register('compareRuns', (_run, all) => compareRuns(panel, all)),
    register('renameRun', (run) => rename(registry, run)),
    register('tagRun', (run) => tag(registry, run)),
    register('deleteRun', (_run, all) => moveToTrash(registry, all)),
    register('revealRun', (run) => vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(run))),
    register('copyRunPlan', (run) => copyPlan(run)),
    register('exportMetricsCsv', (run) => exportRun(run, { what: 'metrics' }, messages)),
    register('exportReport', (run) => exportRun(run, { what: 'report' }, messages)),
    register('trainLonger', (run) => training.trainLonger(run)),
    register('startAgain', async (run) => {
      const { startAgain } = await import('../startAgain');
      await startAgain(run, editors, outside);
    }),
    register('pauseRun', (run) => registry.steer(run, { type: 'pause' })),
    register('continueRun', (run) => registry.steer(run, { type: 'resume' })),
  );
}

async function compareRuns(panel: RunPanel, runs: readonly string[]): Promise<void> {
  await panel.compare(runs.slice(0, MOST_COMPARED));
  if (runs.length <= MOST_COMPARED) return;
  void vscode.window.showInformationMessage(
    t('The first {0} of {1} runs are compared: more colours are not told apart.', MOST_COMPARED, runs.length),
  );
}

async function rename(registry: RunRegistry, run: string): Promise<void> {
  const { name } = registry.viewOf(run);
  const chosen = await vscode.window.showInputBox({
    title: t('Rename Run'),
    ignoreFocusOut: true,
    prompt: t('The run’s folder keeps its name'),
    value: name,
    validateInput: faultOfName,
  });
  if (chosen !== undefined) await registry.note(run, { name: chosen.trim() });
}

async function tag(registry: RunRegistry, run: string): Promise<void> {
  const { tags = [] } = registry.viewOf(run);
  const chosen = await vscode.window.showInputBox({
    title: t('Tag Run'),
    ignoreFocusOut: true,
    prompt: t('Tags, with commas between them; none takes them away'),
    value: tags.join(', '),
    validateInput: (text) => {
      const parsed = parseTags(text);
      return typeof parsed === 'string' ? parsed : undefined;
    },
  });
  const parsed = chosen === undefined ? undefined : parseTags(chosen);
  if (parsed !== undefined && typeof parsed !== 'string') await registry.note(run, { tags: parsed });
}

async function moveToTrash(registry: RunRegistry, runs: readonly string[]): Promise<void> {
  const views = runs.map((run) => registry.viewOf(run));
  const live = views.find(({ status }) => isActive(status));
  if (live) throw new Failure('usage', 'RUN_GOES_ON', t('the run {0} is going on; stop it first', live.name));
  const remove = t('Move to Trash');
  const question =
    views.length === 1
      ? t('Delete the run {0}, with the model and the checkpoints in its folder?', views[0]?.name ?? '')
      : t('Delete {0} runs, with the model and the checkpoints in their folders?', views.length);
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: t('What is deleted can be restored from the trash.') },
    remove,
  );
  if (answer !== remove) return;
  for (const { id } of views) {
    await vscode.workspace.fs.delete(vscode.Uri.file(id), { recursive: true, useTrash: true });
    await registry.forget(id);
  }
}

/** The plan's text: the paths in it go from the run's folder. */
async function copyPlan(run: string): Promise<void> {
  const file = path.join(run, RUN_FILES.plan);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure('input', 'PLAN_MISSING', t('{0}: the run has no plan that can be read', file), {
      path: file,
      cause: error,
    });
  });
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(t('Copied the plan of {0}', path.basename(run)), 5000);
}

async function chooseOrder(tree: RunsTree, registry: RunRegistry): Promise<void> {
  const metrics = metricsOf(registry.runs).map((metric) => ({
    label: metric,
    description: t('the best first'),
    sort: metric,
  }));
  const orders = [
    { label: t('Newest first'), description: '', sort: 'newest' },
    { label: t('Name'), description: '', sort: 'name' },
    ...metrics,
  ].map((order) => (order.sort === tree.arranged.sort ? { ...order, description: t('now') } : order));
  const chosen = await vscode.window.showQuickPick(orders, { title: t('Sort Runs'), ignoreFocusOut: true });
  if (chosen) await tree.arrange({ sort: chosen.sort });
}

async function chooseFilter(tree: RunsTree): Promise<void> {
  const chosen = await vscode.window.showInputBox({
    title: t('Filter Runs'),
    ignoreFocusOut: true,
    prompt: t('Words that are in a run’s name, tags or status'),
    value: tree.arranged.filter,
  });
  if (chosen !== undefined) await tree.arrange({ filter: chosen.trim() });
}
