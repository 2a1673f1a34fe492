import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Plan } from '../core/plan/plan';
import { EMPTY_RECIPE, type Recipe } from '../core/surgery/recipe';
import { fingerprintOf } from '../formats/fingerprint';
import { readPlan } from '../formats/planFile';
import { readRecipe, writeRecipe } from '../formats/recipeFile';
import { RUN_FILES } from '../runs/runFolder';
import type { ModelEditorProvider } from './modelEditorProvider';
import { openEditor } from './modelFiles';
import type { OutsidePaths } from './outsidePaths';
import { saysTheSame } from './recipeFiles';
import { siblingOf } from './siblingFiles';
import { t } from '../l10n/translate';

/**
 * Opens a run's model with the run's recipe, and the training form filled with its plan. Where the model is gone, or the
 * form has no words for the plan, the plan opens as a text to be changed and saved.
 *
 * @throws Failure where the run's plan cannot be read, or what it names may not be
 */
export async function startAgain(
  run: string,
  editors: ModelEditorProvider,
  outside: OutsidePaths,
): Promise<void> {
  const file = path.join(run, RUN_FILES.plan);
  await outside.allowPlan(file);
  const plan = await readPlan(file);
  if (!existsSync(plan.model))
    return openText(
      plan,
      t(
        'The model {0} is gone: change its text, save it as a file that ends in .plan.json, and train that.',
        path.basename(plan.model),
      ),
    );
  const opened = vscode.Uri.file(await fileToOpen(run, plan));
  await openEditor(opened);
  if (await editors.fillTraining(opened, plan)) return;
  await openText(
    plan,
    t(
      'The training form has no words for all of this plan: change its text, save it as a file that ends in .plan.json, and train that.',
    ),
  );
}

/** The model where its recipe is the run's; else a copy of the run's recipe beside it, so that neither is lost. */
async function fileToOpen(run: string, { model, recipe }: Plan): Promise<string> {
  const beside = siblingOf(model, 'surgery');
  const there = existsSync(beside) ? await readRecipe(beside) : EMPTY_RECIPE;
  const { base, ...wanted }: Recipe = recipe === undefined ? EMPTY_RECIPE : await readRecipe(recipe);
  if (saysTheSame(there, wanted)) return model;
  const { dir, name } = path.parse(model);
  const copy = path.join(dir, `${name}-${path.basename(run)}.surgery.json`);
  if (!existsSync(copy)) {
    await writeRecipe(copy, { ...wanted, base: base ?? { path: model, ...(await fingerprintOf(model)) } });
  }
  return copy;
}

/** Its paths are absolute: it may be saved anywhere. */
async function openText(plan: Plan, why: string): Promise<void> {
  const content = `${JSON.stringify(plan, null, 2)}\n`;
  const document = await vscode.workspace.openTextDocument({ language: 'json', content });
  await vscode.window.showTextDocument(document, { preview: false });
  void vscode.window.showInformationMessage(why);
}
