import path from 'node:path';
import * as vscode from 'vscode';
import type { RunHistory } from '../core/run/history';
import { HistoryOverview } from '../core/run/historyOverview';
import {
  RUN_PANEL_PROTOCOL,
  type HostToRunPanel,
  type RunPanelToHost,
  type RunView,
} from '../protocol/runPanel';
import { ComparePart } from './compare/comparePart';
import { JudgePart } from './judge/judgePart';
import type { LiveRuns } from './liveRuns';
import type { Messages } from './messages';
import type { OutsidePaths } from './outsidePaths';
import { readMessage } from './pageMessages/readMessage';
import { runPanelMessages } from './pageMessages/runPanelMessages';
import { receiveExport } from './runExport/runExport';
import { receiveHealth } from './runHealth/runHealth';
import { RunFeed } from './runFeed';
import type { RunRegistry } from './runRegistry';
import { webviewHtml, webviewOptions } from './webviewHtml';
import { t } from '../l10n/translate';

export const RUNS_VIEW = 'modelSurgery.runs';

type Place = 'panel' | 'tab';

/**
 * The runs as people see them: a view in the Panel area and, if they like, an editor tab. Every page shows the same
 * run and may be closed, hidden and opened again at any time: whatever it shows is sent again when it says `ready`.
 */
export class RunPanel
  implements vscode.WebviewViewProvider, vscode.WebviewPanelSerializer, vscode.Disposable
{
  /** The pages that have said `ready` and not gone since. */
  private readonly pages = new Map<vscode.Webview, Place>();
  private readonly feeds = new Map<vscode.Webview, { readonly id: string; readonly feed: RunFeed }>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly judging: JudgePart;
  private readonly comparing: ComparePart;
  /** Runs to be shown beside each other by a page that is not there yet. */
  private toCompare: readonly string[] | null = null;
  private readonly sightChanged = new vscode.EventEmitter<void>();
  /** Whether somebody sees the runs, or stops seeing them. */
  readonly onDidChangeSight = this.sightChanged.event;
  private view?: vscode.WebviewView;
  private tab?: vscode.WebviewPanel;
  private chosen: string | null = null;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly registry: RunRegistry,
    live: LiveRuns,
    private readonly messages: Messages,
    outside: OutsidePaths,
  ) {
    this.judging = new JudgePart({ extension, outside }, registry, messages.log);
    this.comparing = new ComparePart(registry);
    this.subscriptions = [
      this.sightChanged,
      live.onDidTellMachine(({ id, machine }) => {
        if (id !== this.shown) return;
        for (const page of this.pages.keys()) void page.postMessage({ type: 'machine', id, machine });
      }),
      this.judging,
      this.comparing,
      registry.onDidChange(() => {
        if (!this.goOnWithoutDeleted()) this.broadcastList();
      }),
      registry.onDidAppend((appended) => {
        for (const { id, feed } of this.feeds.values()) if (id === appended.run.id) feed.append(appended);
      }),
    ];
  }

  /** The run on screen: the one chosen, else the newest. */
  get shown(): string | null {
    const { runs } = this.registry;
    // One that is shown may be deleted.
    const chosen = runs.find(({ id }) => id === this.chosen);
    return (chosen ?? runs[0])?.id ?? null;
  }

  /** Whether a page with the runs is on screen. */
  get inSight(): boolean {
    return this.view?.visible === true || this.tab?.visible === true;
  }

  /** Brings the panel to the front without taking the keyboard. */
  async reveal(): Promise<void> {
    await vscode.commands.executeCommand(`${RUNS_VIEW}.focus`, { preserveFocus: true });
  }

  async show(id: string): Promise<void> {
    this.chosen = id;
    this.broadcastList();
    await this.feed([...this.pages.keys()], id);
  }

  /**
   * Shows runs beside each other, in the order of `ids`.
   * @param options `grows`: only where those before it are being shown; `reveal`: the panel comes to the front
   */
  async compare(ids: readonly string[], { grows = false, reveal = true } = {}): Promise<void> {
    if (reveal && !this.inSight) await this.reveal();
    for (const page of this.pages.keys()) void page.postMessage(openComparison(ids, grows));
    const waiting = this.view !== undefined && !this.pages.has(this.view.webview);
    if (!grows && (waiting || this.pages.size === 0)) this.toCompare = ids;
  }

  openInTab(): void {
    if (this.tab) return this.tab.reveal();
    this.adoptTab(
      vscode.window.createWebviewPanel(
        RUNS_VIEW,
        t('Runs'),
        vscode.ViewColumn.Active,
        webviewOptions(this.extension),
      ),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.onDidChangeVisibility(() => this.sightChanged.fire());
    view.onDidDispose(() => {
      this.view = undefined;
      this.sightChanged.fire();
    });
    this.attach(view.webview, 'panel', view.onDidDispose);
    this.sightChanged.fire();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.adoptTab(panel);
    return Promise.resolve();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private adoptTab(panel: vscode.WebviewPanel): void {
    this.tab = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.svg');
    panel.onDidChangeViewState(() => this.sightChanged.fire());
    panel.onDidDispose(() => {
      this.tab = undefined;
      this.sightChanged.fire();
    });
    this.attach(panel.webview, 'tab', panel.onDidDispose);
    this.sightChanged.fire();
  }

  private attach(webview: vscode.Webview, place: Place, onDidDispose: vscode.Event<void>): void {
    const listening = webview.onDidReceiveMessage((posted: unknown) => {
      this.take(webview, place, posted).catch((error: unknown) => this.messages.error(error));
    });
    onDidDispose(() => {
      listening.dispose();
      this.pages.delete(webview);
      this.comparing.forget(webview);
      this.feeds.get(webview)?.feed.cancel();
      this.feeds.delete(webview);
    });
    webview.options = webviewOptions(this.extension);
    webview.html = webviewHtml(webview, this.extension, 'metrics');
  }

  /** Carries out what a page asks. A run's id is a path: one that the page made up is looked at by nobody. */
  private async take(webview: vscode.Webview, place: Place, posted: unknown): Promise<void> {
    const message = readMessage(runPanelMessages, posted);
    if ('id' in message && !(await this.registry.finds(message.id))) {
      this.messages.log.warn(
        `RUN_UNKNOWN: "${message.type}" of ${message.id}, which is no run of this window`,
      );
      return;
    }
    return this.receive(webview, place, message);
  }

  private async receive(webview: vscode.Webview, place: Place, message: RunPanelToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.welcome(webview, place);
      case 'show':
        return this.show(message.id);
      case 'stop':
        return this.registry.stop(message.id);
      case 'steer':
        return this.registry.steer(message.id, message.message);
      case 'trainLonger':
      case 'startAgain':
        return vscode.commands.executeCommand(`modelSurgery.${message.type}`, message.id);
      case 'resumeRun':
        return vscode.commands.executeCommand('modelSurgery.resumeRun', message.id);
      case 'openResult':
        return vscode.commands.executeCommand('modelSurgery.openResult', message.id);
      case 'revealFolder':
        return vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(message.id));
      case 'openInTab':
        return this.openInTab();
      case 'exportMetrics':
      case 'exportReport':
      case 'exportModel':
      case 'saveChart':
        return receiveExport(message, this.messages);
      case 'askHealth':
      case 'openLog':
      case 'trainAgain':
      case 'deleteRun':
        return receiveHealth(message, this.registry, postTo(webview));
      case 'compareRuns':
      case 'copyComparison':
        return this.comparing.receive(webview, message);
      case 'lookAtJudgement':
      case 'judge':
      case 'cancelJudging':
      case 'pictures':
      case 'predictImages':
      case 'showMovement':
        return this.judging.receive(message, postTo(webview));
    }
  }

  private async welcome(webview: vscode.Webview, place: Place): Promise<void> {
    this.comparing.forget(webview);
    await this.registry.refresh();
    this.chosen ??= this.shown;
    this.pages.set(webview, place);
    void webview.postMessage(this.listFor(place));
    if (this.toCompare) void webview.postMessage(openComparison(this.toCompare, false));
    this.toCompare = null;
    const id = this.shown;
    if (id !== null) await this.feed([webview], id);
  }

  /** Gives pages the history of a run, and from then on what is appended to it, in place of what they were given before. */
  private async feed(pages: readonly vscode.Webview[], id: string): Promise<void> {
    const feeds = pages.map((page) => new RunFeed(this.viewOf(id), (message) => page.postMessage(message)));
    for (const [index, page] of pages.entries()) {
      this.feeds.get(page)?.feed.cancel();
      this.feeds.set(page, { id, feed: feeds[index]! });
    }
    try {
      const giveAll = async (part: RunHistory) => {
        await Promise.all(feeds.map((feed) => feed.part(part)));
      };
      const overview = new HistoryOverview();
      let bytes = await this.registry.readHistory(id, (part) => overview.add(part));
      if (overview.isWhole) await giveAll(overview.take());
      else if (feeds.some((feed) => !feed.isOver)) {
        // Read twice and never held: sending all steps takes longer than reading them, and their number has no bound.
        const history = overview.take();
        for (const feed of feeds) feed.overview(this.viewOf(id), history);
        bytes = await this.registry.readHistory(id, giveAll);
      }
      for (const feed of feeds) feed.end(this.viewOf(id), bytes);
    } catch (error) {
      for (const feed of feeds) feed.cancel();
      throw error;
    }
  }

  private listFor(place: Place): HostToRunPanel {
    const runs = this.registry.runs.map((run) => this.steerable(run));
    return { type: 'runs', protocol: RUN_PANEL_PROTOCOL, runs, shown: this.shown, place };
  }

  private viewOf(id: string): RunView {
    const listed = this.registry.runs.find((run) => run.id === id);
    return this.steerable(
      listed ?? { id, name: path.basename(id), status: 'starting', startedAt: Date.now() },
    );
  }

  private steerable(run: RunView): RunView {
    const steering = this.registry.steeringOf(run.id);
    return steering ? { ...run, steering } : run;
  }

  /** Where the run on screen was deleted, shows the newest; whether it has. */
  private goOnWithoutDeleted(): boolean {
    const next = this.shown;
    if (this.chosen === null || this.chosen === next) return false;
    this.chosen = null;
    if (next === null) return false;
    this.show(next).catch((error: unknown) => this.messages.error(error));
    return true;
  }

  private broadcastList(): void {
    for (const [page, place] of this.pages) void page.postMessage(this.listFor(place));
  }
}

function openComparison(ids: readonly string[], grows: boolean): HostToRunPanel {
  return { type: 'openComparison', ids, grows };
}

type Post = (message: HostToRunPanel) => void;

const posts = new WeakMap<vscode.Webview, Post>();

/** For answers that take their time: the page may have gone by then. One function a page: who listens is a set of them. */
function postTo(webview: vscode.Webview): Post {
  const known = posts.get(webview);
  if (known) return known;
  const post = (message: HostToRunPanel): void => {
    webview.postMessage(message).then(undefined, () => undefined);
  };
  posts.set(webview, post);
  return post;
}
