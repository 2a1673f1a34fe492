import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { LeftSweeps } from './compare/leftSweeps';
import { Heads } from './heads';
import { LiveRuns } from './liveRuns';
import { Messages } from './messages';
import { EDITOR_OPTIONS, EDITOR_VIEWS, ModelEditorProvider } from './modelEditorProvider';
import { OutsidePaths } from './outsidePaths';
import { RunNotification } from './runNotification';
import { RunPanel, RUNS_VIEW } from './runPanel';
import { RunRegistry } from './runRegistry';
import { RunStatusBar } from './runStatusBar';
import { registerRunsCommands } from './runsView/runsCommands';
import { RunsTree } from './runsView/runsTree';
import { Training } from './training';
import { TrainingForms } from './trainingForm';
import { GALLERY_VIEW, GalleryPanel } from './zoo/galleryPanel';

/** Everything that a window has; finds the runs that an earlier window left going. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, workspaceState, globalState, globalStorageUri } = context;
  const messages = new Messages();
  const outside = new OutsidePaths(workspaceState);
  const registry = new RunRegistry(workspaceState);
  const live = new LiveRuns(registry);
  const panel = new RunPanel(extensionUri, registry, live, messages, outside);
  const training = new Training(extensionUri, registry, panel, messages, outside);
  const forms = new TrainingForms(workspaceState);
  const heads = new Heads(globalState);
  const editors = new ModelEditorProvider({
    ...{ extension: extensionUri, messages, registry, training, forms, heads, outside },
    journals: vscode.Uri.joinPath(globalStorageUri, 'edits').fsPath,
  });
  const gallery = new GalleryPanel(extensionUri, messages);
  const tree = new RunsTree(registry, panel, workspaceState);
  const sweeps = new LeftSweeps({ training, registry, panel, messages });
  context.subscriptions.push(
    messages,
    registry,
    panel,
    training,
    editors,
    tree,
    gallery,
    live,
    sweeps,
    new RunStatusBar(live),
    new RunNotification(live, registry, panel, messages),
    registerRunsCommands({ tree, registry, panel, training, editors, outside, messages }),
    vscode.window.registerWebviewViewProvider(RUNS_VIEW, panel),
    vscode.window.registerWebviewPanelSerializer(RUNS_VIEW, panel),
    vscode.window.registerWebviewPanelSerializer(GALLERY_VIEW, gallery),
    ...EDITOR_VIEWS.map((view) => vscode.window.registerCustomEditorProvider(view, editors, EDITOR_OPTIONS)),
    registerCommands({
      extension: extensionUri,
      outside,
      editors,
      panel,
      gallery,
      registry,
      training,
      messages,
    }),
  );
  registry
    .refresh()
    .then(() => sweeps.look())
    .catch((error: unknown) => messages.error(error));
}
