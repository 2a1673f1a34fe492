import * as vscode from 'vscode';
import type { RunPanel } from '../runPanel';
import { isPaused, progressOf } from '../runProgress';
import type { RunRegistry } from '../runRegistry';
import { arrange, NEWEST_FIRST, rowOf, type Arrangement, type ListedRun } from './runsModel';
import { t } from '../../l10n/translate';

const RUNS_TREE = 'modelSurgery.runsTree';

const REMEMBERED = 'runsArrangement';
/** What arrives within it is drawn at once. A row that is drawn anew under a pressed button takes no click: seldom, then. */
const GATHER_MS = 1000;
/** Run folders come and go beside this window, from a shell or another one. */
const RUN_LOGS = '**/runs/*/events.jsonl';
/** Of a folder that is deleted or moved VS Code tells, and not of the files in it. */
const RUN_FOLDERS = '**/runs/*';

/** The runs of the workspace, as a tree in the extension's own container; its elements are their ids. */
export class RunsTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<string>;
  private readonly subscriptions: vscode.Disposable[];
  private arrangement: Arrangement;
  private waiting: NodeJS.Timeout | undefined;
  /** What the rows say that VS Code has asked for. */
  private readonly drawn = new Map<string, string>();
  private order: readonly string[] = [];
  private dates: Intl.DateTimeFormat | undefined;

  constructor(
    private readonly registry: RunRegistry,
    panel: RunPanel,
    private readonly memory: vscode.Memento,
  ) {
    this.arrangement = memory.get(REMEMBERED, NEWEST_FIRST);
    this.view = vscode.window.createTreeView(RUNS_TREE, { treeDataProvider: this, canSelectMany: true });
    const logs = vscode.workspace.createFileSystemWatcher(RUN_LOGS, false, true, false);
    const folders = vscode.workspace.createFileSystemWatcher(RUN_FOLDERS, true, true, false);
    const look = () => void registry.refresh();
    this.subscriptions = [
      this.view,
      logs,
      logs.onDidCreate(look),
      logs.onDidDelete(look),
      folders,
      folders.onDidDelete(look),
      registry.onDidChange(() => this.changed.fire(undefined)),
      registry.onDidAppend(() => this.draw()),
      this.view.onDidChangeSelection(({ selection: [run, ...others] }) => {
        if (run !== undefined && others.length === 0) void panel.show(run);
      }),
    ];
    this.describe();
  }

  get arranged(): Arrangement {
    return this.arrangement;
  }

  get selection(): readonly string[] {
    return this.view.selection;
  }

  async arrange(changes: Partial<Arrangement>): Promise<void> {
    this.arrangement = { ...this.arrangement, ...changes };
    await this.memory.update(REMEMBERED, this.arrangement);
    this.describe();
    this.changed.fire(undefined);
  }

  getChildren(parent?: string): string[] {
    if (parent !== undefined) return [];
    this.order = this.arranging();
    return [...this.order];
  }

  getTreeItem(id: string): vscode.TreeItem {
    const run = this.listed(id);
    if (!run) return new vscode.TreeItem(id);
    const row = rowOf(run, this.arrangement.sort);
    this.drawn.set(id, JSON.stringify(row));
    const item = new vscode.TreeItem(row.label);
    item.id = id;
    item.description = row.description;
    item.contextValue = row.context;
    const colour = row.colour === undefined ? undefined : new vscode.ThemeColor(row.colour);
    item.iconPath = new vscode.ThemeIcon(row.icon, colour);
    item.tooltip = new vscode.MarkdownString(row.tooltip);
    item.accessibilityInformation = { label: `${row.label}, ${run.status}, ${row.description}` };
    return item;
  }

  dispose(): void {
    clearTimeout(this.waiting);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  private listed(id: string): ListedRun | undefined {
    const run = this.registry.runs.find((candidate) => candidate.id === id);
    if (!run) return undefined;
    const steering = this.registry.steeringOf(id);
    const live = this.registry.active.find((candidate) => candidate.id === id);
    return {
      ...run,
      when: this.whenOf(run.startedAt),
      ...(steering && { steering }),
      paused: live !== undefined && isPaused(live.events),
      ...(live && { progress: progressOf(live.events) }),
    };
  }

  /** Made with the first run that is listed: what it reads takes a part of the extension's start. */
  private whenOf(time: number): string {
    this.dates ??= new Intl.DateTimeFormat(globalThis.modelSurgeryLanguage ? vscode.env.language : 'en-US', {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    return this.dates.format(time);
  }

  private arranging(): readonly string[] {
    return arrange(this.registry.runs, this.arrangement).map(({ id }) => id);
  }

  /** Draws the rows of live runs that say something else by now; all of them where a run has changed its place. */
  private draw(): void {
    this.waiting ??= setTimeout(() => {
      this.waiting = undefined;
      if (this.arranging().join('\n') !== this.order.join('\n')) return this.changed.fire(undefined);
      for (const { id } of this.registry.active) {
        const run = this.listed(id);
        const row = run && JSON.stringify(rowOf(run, this.arrangement.sort));
        if (row !== this.drawn.get(id)) this.changed.fire(id);
      }
    }, GATHER_MS);
  }

  private describe(): void {
    const { sort, filter } = this.arrangement;
    const order = sort === 'newest' ? '' : sort === 'name' ? t('by name') : t('by {0}', sort);
    this.view.description = [filter && `“${filter}”`, order].filter(Boolean).join(' · ');
    void vscode.commands.executeCommand('setContext', 'modelSurgery.runsFiltered', filter !== '');
  }
}
