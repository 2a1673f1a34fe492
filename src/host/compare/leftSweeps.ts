import * as vscode from 'vscode';
import { endSweep, unfinishedSweep, type UnfinishedSweep } from '../../runs/unfinishedSweep';
import type { SweepServices } from './freezeSweep';
import { t } from '../../l10n/translate';

/** Nobody waits for it, and a look is some small files. */
const LOOK_AGAIN_MS = 3_000;

/**
 * Finds the freeze sweep that an earlier window left before its last run. While a run of it still goes on, the sweep goes on
 * with it, as people see by its notification; of one that stands still they are asked.
 */
export class LeftSweeps implements vscode.Disposable {
  private again: NodeJS.Timeout | undefined;
  /** Gone on with, or asked of, in this window. */
  private readonly known = new Set<string>();
  private readonly listening: vscode.Disposable;

  constructor(private readonly services: SweepServices) {
    // The window that trained the series may have gone in between.
    this.listening = services.registry.onDidEnd(() => void this.look());
  }

  async look(): Promise<void> {
    const { registry, messages } = this.services;
    clearTimeout(this.again);
    try {
      const left = await unfinishedSweep(registry.runs.map(({ id }) => id));
      if (!left || this.known.has(left.id) || !vscode.workspace.isTrusted) return;
      if (left.driver?.pid === process.pid) return;
      if (left.driver) {
        // Of another window, or of this one before it was reloaded: that one takes its time to go.
        this.again = setTimeout(() => void this.look(), LOOK_AGAIN_MS).unref();
        return;
      }
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
    clearTimeout(this.again);
    this.listening.dispose();
  }

  private async isWanted({ name, stages, runs }: UnfinishedSweep): Promise<boolean> {
    const goOn = t('Continue Sweep');
    const end = t('End Sweep');
    const answer = await vscode.window.showInformationMessage(
      t('The freeze sweep of {0} was left after {1} of {2} runs.', name, runs.length, stages.length),
      goOn,
      end,
    );
    if (answer === end) await endSweep(runs.at(-1)?.folder);
    return answer === goOn;
  }
}
