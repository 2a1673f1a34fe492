import path from 'node:path';
import * as vscode from 'vscode';
import { readPlan } from '../formats/planFile';
import { RUN_FILES } from '../runs/runFolder';
import { isExact, MOST_EPOCHS, parseEpochs } from './longerRequest';
import { t } from '../l10n/translate';

/** Asks how much longer a run is to be trained; nothing where people think better of it. */
export async function askEpochs(run: string): Promise<number | undefined> {
  const { phases } = await readPlan(path.join(run, RUN_FILES.plan));
  const prompt = (await isExact(run))
    ? t('It goes on where it ended, in its folder, as if it had been longer from the beginning')
    : t(
        'A new run begins with its weights and its last phase: it kept no checkpoint, so the optimizer begins anew',
      );
  const answer = await vscode.window.showInputBox({
    title: t('Train Longer: how many more epochs'),
    ignoreFocusOut: true,
    prompt,
    value: String(phases.at(-1)?.epochs ?? 1),
    validateInput: (text) =>
      parseEpochs(text) === undefined ? t('Expected a whole number from 1 to {0}', MOST_EPOCHS) : undefined,
  });
  return answer === undefined ? undefined : parseEpochs(answer);
}
