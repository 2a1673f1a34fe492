import path from 'node:path';
import * as vscode from 'vscode';
import type { SweepStep } from '../../core/freeze/sweep';
import { RUN_FILES } from '../../runs/runFolder';
import { runSweep, showStep, sweepOf, type Sweep } from '../../runs/sweepSeries';
import { driveSweep, sweepAgain, type SweptRun, type UnfinishedSweep } from '../../runs/unfinishedSweep';
import type { Messages } from '../messages';
import { requireTrust } from '../requireTrust';
import type { RunPanel } from '../runPanel';
import type { RunRegistry } from '../runRegistry';
import type { Training } from '../training';
import { t } from '../../l10n/translate';

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
  if (await confirm(sweep)) await trainAndCompare(sweep, services);
}

/**
 * Trains what is left of a sweep, once the run that still goes on is over; then shows all its runs beside each other.
 * @throws Failure where the plan or the model of the sweep cannot be read any more, or a run cannot be started
 */
export async function goOnWithSweep(left: UnfinishedSweep, services: SweepServices): Promise<void> {
  requireTrust();
  await services.training.trainSeries(left.id, async () => {
    await services.training.allow(path.join(left.runs.at(-1)?.folder ?? '', RUN_FILES.plan));
    await driveSweep(left);
    await trainAndCompare(await sweepAgain(left, sweepOf), services, left.runs);
  });
}

async function trainAndCompare(
  sweep: Sweep,
  services: SweepServices,
  begun: readonly SweptRun[] = [],
): Promise<void> {
  const folders = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Freeze sweep of {0}', sweep.name),
      cancellable: true,
    },
    (progress, cancel) => trainAll(sweep, begun, services, progress, cancel),
  );
  if (folders.length > 0) await services.panel.compare(folders);
}

async function confirm({ name, steps }: Sweep): Promise<boolean> {
  const train = t('Train {0} Runs', steps.length);
  const answer = await vscode.window.showInformationMessage(
    t('Train {0} {1} times, one run after the other?', name, steps.length),
    {
      modal: true,
      detail: [
        t('The runs differ in what is frozen alone, and share what they keep of frozen layers:'),
        ...steps.map((step, index) => `${index + 1}. ${showStep(step)}`),
      ].join('\n'),
    },
    train,
  );
  return answer === train;
}

async function trainAll(
  sweep: Sweep,
  begun: readonly SweptRun[],
  { training, registry, panel, messages }: SweepServices,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  cancel: vscode.CancellationToken,
): Promise<readonly string[]> {
  const started = begun.map(({ folder }) => folder);
  let told = 0;
  const tell = (index: number, step: SweepStep) => {
    const increment = (100 * (index - told)) / sweep.steps.length;
    told = index;
    progress.report({
      message: t('{0} of {1}: {2}', index + 1, sweep.steps.length, showStep(step)),
      increment,
    });
  };
  /** Waits for the end of a run, which a cancelled series stops. */
  const endOf = async <T>({ folder, ended }: { readonly folder: string; readonly ended: Promise<T> }) => {
    const stop = () => void registry.stop(folder).catch((error: unknown) => messages.error(error));
    const listening = cancel.onCancellationRequested(stop);
    if (cancel.isCancellationRequested) stop();
    return ended.finally(() => listening.dispose());
  };
  const last = begun.at(-1);
  if (last) {
    const at = sweep.steps.findIndex(({ stages }) => stages === last.frozenStages);
    if (sweep.steps[at]) tell(at, sweep.steps[at]);
    await endOf({ folder: last.folder, ended: training.endInSeries(last.folder) });
  }
  const { folders } = await runSweep(
    sweep,
    {
      onStep: tell,
      train: async (file, onFolder) => {
        if (cancel.isCancellationRequested) return false;
        const run = await training.startInSeries(file, { reveal: started.length === 0 });
        if (!run) return false;
        onFolder(run.folder);
        started.push(run.folder);
        // Beside the first run there is nothing yet to compare.
        if (started.length > 1) await panel.compare(started, { grows: started.length > 2, reveal: false });
        const failure = await endOf(run);
        if (cancel.isCancellationRequested) return false;
        if (failure) throw failure;
        return true;
      },
      onFailure: (failure) => void messages.error(failure),
    },
    begun,
  );
  return folders;
}
