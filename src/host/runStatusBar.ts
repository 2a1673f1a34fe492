import * as vscode from 'vscode';
import { isPaused, progressOf } from './runProgress';
import type { RunRegistry } from './runRegistry';

/** While something trains: where it is, a click away from the panel. Also the context key that menus ask for. */
export class RunStatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'modelSurgery.training',
    vscode.StatusBarAlignment.Left,
    10,
  );
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly registry: RunRegistry) {
    this.item.name = 'Model Surgery Training';
    this.item.command = 'modelSurgery.showRuns';
    this.subscriptions = [
      registry.onDidChange(() => this.update()),
      registry.onDidAppend(() => this.update()),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.item.dispose();
  }

  private update(): void {
    const [newest, ...others] = this.registry.active;
    void vscode.commands.executeCommand('setContext', 'modelSurgery.training', newest !== undefined);
    if (!newest) return this.item.hide();
    const more = others.length > 0 ? ` (+${others.length})` : '';
    const icon = isPaused(newest.events) ? 'debug-pause' : 'loading~spin';
    this.item.text = `$(${icon}) ${progressOf(newest.events)}${more}`;
    this.item.tooltip = `Training ${newest.name}: show the runs`;
    this.item.show();
  }
}
