import * as vscode from 'vscode';
import { endSweep, unfinishedSweep, type UnfinishedSweep } from '../../runs/unfinishedSweep';
import type { SweepServices } from './freezeSweep';

/**
 * Finds the freeze sweep that an earlier window left before its last run. While a run of it still goes on, the sweep goes on
 * with it, as people see by its notification; of one that stands still they are asked.
 */
export class LeftSweeps implements vscode.Disposable {
  /** Asked of in this window. */
  private readonly known = new Set<string>();
  private readonly listening: vscode.Disposable;

  constructor(private readonly services: SweepServices) {
    // The window that trained the series may have gone in between.
    this.listening = services.registry.onDidEnd(() => void this.look());
  }

  async look(): Promise<void> {
    const { registry, messages } = this.services;
    try {
      const left = await unfinishedSweep(registry.runs.map(({ id }) => id));
      if (!left || this.known.has(left.id) || !vscode.workspace.isTrusted) return;
      this.known.add(left.id);
      const last = left.runs.at(-1)?.folder;
      if (!registry.active.some(({ id }) => id === last) && !(await this.isWanted(left))) return;
      // It opens the model, which no window needs when it starts.
      const { goOnWithSweep } = await import('./freezeSweep');
      await goOnWithSweep(left, this.services);
    } catch (error) {
      await messages.error(error);
    }
  }

  dispose(): void {
    this.listening.dispose();
  }

  private async isWanted({ name, stages, runs }: UnfinishedSweep): Promise<boolean> {
    const goOn = 'Continue Sweep';
    const end = 'End Sweep';
    const answer = await vscode.window.showInformationMessage(
      `The freeze sweep of ${name} was left after ${runs.length} of ${stages.length} runs.`,
      goOn,
      end,
    );
    if (answer === end) await endSweep(runs.at(-1)?.folder);
    return answer === goOn;
  }
}
