import * as vscode from 'vscode';
import type { LiveRun, LiveRuns } from './liveRuns';
import type { Messages } from './messages';
import type { RunPanel } from './runPanel';
import { fractionOf, summaryOf } from './runProgress';
import type { RunRegistry } from './runRegistry';
import { t } from '../l10n/translate';

/** After a reload the panel takes its time to come back; nothing should flash up until then. */
const SETTLE_MS = 3_000;

interface Shown {
  tell(run: LiveRun): void;
  close(): void;
}

/**
 * VS Code's progress notification for each run that is going on, while its panel is out of sight: in sight, it would lie
 * over the very curves that it tells of. Cancelling it stops the run.
 */
export class RunNotification implements vscode.Disposable {
  private readonly shown = new Map<string, Shown>();
  private readonly subscriptions: readonly vscode.Disposable[];
  private outOfSightSince = performance.now();

  constructor(
    private readonly live: LiveRuns,
    private readonly registry: RunRegistry,
    private readonly panel: RunPanel,
    private readonly messages: Messages,
  ) {
    this.subscriptions = [
      live.onDidChange(() => this.update()),
      panel.onDidChangeSight(() => {
        this.outOfSightSince = performance.now();
        this.update();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const { close } of this.shown.values()) close();
  }

  private update(): void {
    const settings = vscode.workspace.getConfiguration('modelSurgery.training');
    const isWanted = settings.get('notification', 'notification') === 'notification';
    const settled = performance.now() - this.outOfSightSince >= SETTLE_MS;
    const runs = isWanted && !this.panel.inSight ? this.live.runs : [];
    for (const [id, { close }] of this.shown) {
      if (runs.some(({ run }) => run.id === id)) continue;
      this.shown.delete(id);
      close();
    }
    for (const run of runs) {
      const { id } = run.run;
      if (!this.shown.has(id) && settled) this.shown.set(id, this.open(run));
      this.shown.get(id)?.tell(run);
    }
  }

  private open({ run: { id, name } }: LiveRun): Shown {
    const { ProgressLocation } = vscode;
    let close: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (close = resolve));
    // VS Code gives it a moment later.
    let shown: vscode.Progress<{ message: string; increment: number }> | undefined;
    let percent = 0;
    void vscode.window.withProgress(
      { location: ProgressLocation.Notification, title: t('Training {0}', name), cancellable: true },
      (progress, cancelled) => {
        shown = progress;
        cancelled.onCancellationRequested(() => {
          this.registry.stop(id).catch((error: unknown) => this.messages.error(error));
        });
        return closed;
      },
    );
    return {
      close,
      tell: (run) => {
        if (!shown) return;
        const now = Math.round(100 * fractionOf(run.figures));
        shown.report({ message: summaryOf(run.run.events, run), increment: Math.max(0, now - percent) });
        percent = Math.max(percent, now);
      },
    };
  }
}
