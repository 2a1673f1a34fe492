import * as vscode from 'vscode';
import { runSweep, showStep, sweepOf, type Sweep } from '../../runs/sweepSeries';
import type { Messages } from '../messages';
import type { RunPanel } from '../runPanel';
import type { RunRegistry } from '../runRegistry';
import type { Training } from '../training';

export interface SweepServices {
  readonly training: Training;
  readonly registry: RunRegistry;
  readonly panel: RunPanel;
  readonly messages: Messages;
}

/**
 * Trains a plan once a freeze set, from all stages frozen to none, after asking; then shows the runs beside each other.
 * Ending the series stops the run that is going on, which keeps what it learned; those before it stay.
 * @throws Failure where it is no plan, has one freeze set only, is being swept, or a run cannot be started
 */
export async function freezeSweep(plan: string, services: SweepServices): Promise<void> {
  await services.training.trainSeries(plan, () => askAndTrain(plan, services));
}

async function askAndTrain(plan: string, services: SweepServices): Promise<void> {
  const sweep = await sweepOf(await services.training.savedPlan(vscode.Uri.file(plan)));
  if (!(await confirm(sweep))) return;
  const folders = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Freeze sweep of ${sweep.name}`,
      cancellable: true,
    },
    (progress, cancel) => trainAll(sweep, services, progress, cancel),
  );
  if (folders.length > 0) await services.panel.compare(folders);
}

async function confirm({ name, steps }: Sweep): Promise<boolean> {
  const train = `Train ${steps.length} Runs`;
  const answer = await vscode.window.showInformationMessage(
    `Train ${name} ${steps.length} times, one run after the other?`,
    {
      modal: true,
      detail: [
        'The runs differ in what is frozen alone, and share what they keep of frozen layers:',
        ...steps.map((step, index) => `${index + 1}. ${showStep(step)}`),
      ].join('\n'),
    },
    train,
  );
  return answer === train;
}

async function trainAll(
  sweep: Sweep,
  { training, registry, panel, messages }: SweepServices,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  cancel: vscode.CancellationToken,
): Promise<readonly string[]> {
  const started: string[] = [];
  const { folders } = await runSweep(sweep, {
    onStep: (index, step) => {
      const increment = index === 0 ? 0 : 100 / sweep.steps.length;
      progress.report({ message: `${index + 1} of ${sweep.steps.length}: ${showStep(step)}`, increment });
    },
    train: async (file, onFolder) => {
      if (cancel.isCancellationRequested) return false;
      const run = await training.startInSeries(file, { reveal: started.length === 0 });
      if (!run) return false;
      onFolder(run.folder);
      started.push(run.folder);
      // Beside the first run there is nothing yet to compare.
      if (started.length > 1) await panel.compare(started, { grows: started.length > 2, reveal: false });
      const stop = () => void registry.stop(run.folder).catch((error: unknown) => messages.error(error));
      const listening = cancel.onCancellationRequested(stop);
      if (cancel.isCancellationRequested) stop();
      const failure = await run.ended;
      listening.dispose();
      if (cancel.isCancellationRequested) return false;
      if (failure) throw failure;
      return true;
    },
    onFailure: (failure) => void messages.error(failure),
  });
  return folders;
}
