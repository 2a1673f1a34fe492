import * as vscode from 'vscode';

/** What a step of several ends with: a choice, the way back, or nothing where people thought better of it. */
export type StepEnd<T> = { readonly chosen: T } | 'back' | undefined;

export interface Step {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly placeholder: string;
}

/** One list of several in a row, with a way back from the second on. */
export function pickStep<T extends vscode.QuickPickItem>(
  { title, step, totalSteps, placeholder }: Step,
  items: readonly T[],
  active?: T,
): Promise<StepEnd<T>> {
  const list = vscode.window.createQuickPick<T>();
  Object.assign(list, { title, step, totalSteps, placeholder, items });
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.ignoreFocusOut = true;
  if (active) list.activeItems = [active];
  return endOf(list, step, () => list.selectedItems[0]);
}

/** One line of text. @param check says what is wrong with it */
export function textStep(
  { title, step, totalSteps, placeholder }: Step,
  value: string,
  prompt: string,
  check: (text: string) => string | undefined,
): Promise<StepEnd<string>> {
  const box = vscode.window.createInputBox();
  Object.assign(box, { title, step, totalSteps, placeholder, value, prompt });
  box.ignoreFocusOut = true;
  const validate = () => (box.validationMessage = check(box.value));
  box.onDidChangeValue(validate);
  return endOf(box, step, () => (validate() === undefined ? box.value : undefined));
}

function endOf<T>(
  input: vscode.QuickInput & Pick<vscode.InputBox, 'buttons' | 'onDidAccept' | 'onDidTriggerButton'>,
  step: number,
  valueOf: () => T | undefined,
): Promise<StepEnd<T>> {
  if (step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<StepEnd<T>>((resolve) => {
    input.onDidAccept(() => {
      const chosen = valueOf();
      if (chosen !== undefined) resolve({ chosen });
    });
    input.onDidTriggerButton(() => resolve('back'));
    input.onDidHide(() => resolve(undefined));
    input.show();
  }).finally(() => input.dispose());
}
