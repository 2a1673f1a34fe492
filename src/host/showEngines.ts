import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import type { EnginesReport } from '../protocol/engines';
import { renderEngines } from '../protocol/renderEngines';
import { startTrainerOf, type TrainerPlace } from './trainerStart';
import { requireTrust } from './requireTrust';
import { t } from '../l10n/translate';

/**
 * Probes every engine, which takes seconds, and opens a text that says what each would run on and what to do.
 * @throws Failure where the workspace is not trusted, and where the trainer fails
 */
export async function showEngines(place: TrainerPlace): Promise<void> {
  requireTrust();
  const report = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Looking at the engines'),
      cancellable: true,
    },
    (_progress, cancelled) => examine(place, cancelled),
  );
  if (!report) return;
  const content = renderEngines(report);
  const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
  await vscode.window.showTextDocument(document);
}

/** Nothing where it was cancelled. */
async function examine(
  place: TrainerPlace,
  cancelled: vscode.CancellationToken,
): Promise<EnginesReport | undefined> {
  const trainer = await startTrainerOf(place, { type: 'engines' });
  let report: EnginesReport | undefined;
  let failure: Failure | undefined;
  trainer.onMessage((message) => {
    if (message.type === 'engines') report = message.report;
    if (message.type === 'failed') failure = new Failure(message.kind, message.code, message.message);
  });
  const listening = cancelled.onCancellationRequested(() => void trainer.stop());
  await trainer.exited;
  listening.dispose();
  if (cancelled.isCancellationRequested) return undefined;
  if (failure) throw failure;
  return report;
}
