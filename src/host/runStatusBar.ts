import * as vscode from 'vscode';
import type { LiveRuns } from './liveRuns';
import { isPaused, summaryOf, tooltipOf } from './runProgress';
import { t } from '../l10n/translate';

/** While something trains: where it is, a click away from the panel. Also the context key that menus ask for. */
export class RunStatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'modelSurgery.training',
    vscode.StatusBarAlignment.Left,
    10,
  );
  private readonly listening: vscode.Disposable;

  constructor(private readonly live: LiveRuns) {
    this.item.name = t('Model Surgery Training');
    this.item.command = 'modelSurgery.showRuns';
    this.listening = live.onDidChange(() => this.update());
  }

  dispose(): void {
    this.listening.dispose();
    this.item.dispose();
  }

  private update(): void {
    const [newest, ...others] = this.live.runs;
    void vscode.commands.executeCommand('setContext', 'modelSurgery.training', newest !== undefined);
    if (!newest) return this.item.hide();
    const { events, name } = newest.run;
    const more = others.length > 0 ? ` (+${others.length})` : '';
    const icon = isPaused(events) ? 'debug-pause' : 'loading~spin';
    this.item.text = `$(${icon}) ${summaryOf(events, newest)}${more}`;
    this.item.tooltip = new vscode.MarkdownString(tooltipOf(name, newest));
    this.item.show();
  }
}
