import { expect, test } from 'vitest';
import type { EditorToHost, HostToEditor } from '../../../src/protocol/editor';
import type { OpenOptions } from '../support/browser';
import { DIGITS, EditorHost, FORM } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { residualNet } from '../support/models';

const pages = editorPages();

/** With an inspector of 328 pixels beside it: canvases of 1,072, 728 and 560 pixels. */
const WIDTHS = [
  { width: 1400, words: ['Cut here', 'Remove', 'Graft head…', 'Freeze', 'Unfreeze', 'Freeze up to here'] },
  { width: 1056, words: ['Cut here', 'Graft head…', 'Freeze', 'Freeze up to here'] },
  { width: 888, words: ['Cut here', 'Graft head…', 'Freeze up to here'] },
] as const;

async function openTraining(options?: OpenOptions) {
  const session = await pages.open(new EditorHost(residualNet([1, 1, 1], 5)), options);
  const { view, page, settle } = session;
  await view.send({ type: 'command', command: 'train' });
  const sheet = page.getByRole('dialog', { name: 'Train' });
  await sheet.locator('vscode-button', { hasText: 'Browse…' }).click();
  await settle();
  await sheet.locator('.train-start:not([disabled])').waitFor();
  const choose = async (label: string, option: string) => {
    await sheet.getByRole('combobox', { name: label, exact: true }).click();
    await sheet.getByRole('option', { name: option, exact: true }).click();
    await settle();
  };
  const type = async (label: string, text: string) => {
    await sheet.getByRole('textbox', { name: label, exact: true }).fill(text);
    await settle();
  };
  const check = async (label: string) => {
    await sheet.getByRole('checkbox', { name: label }).click();
    await settle();
  };
  const form = async () => (await view.postsOf('training')).at(-1)?.form;
  return { ...session, sheet, choose, type, check, form, more: sheet.locator('.train-more > summary') };
}

/** Keeps its settings to itself. */
class HostWithoutSettings extends EditorHost {
  override answer(message: EditorToHost): HostToEditor[] {
    return super.answer(message).filter(({ type }) => type !== 'training');
  }
}

test('has the focus all the while its settings arrive', async () => {
  const { view, page } = await pages.open(new HostWithoutSettings(residualNet([1, 1, 1], 5)));
  await view.send({ type: 'command', command: 'train' });
  const sheet = page.getByRole('dialog', { name: 'Train' });
  await sheet.getByLabel('Waiting for the training settings').waitFor();
  await page.evaluate(() => {
    const look = () => {
      const inside = document.querySelector('[role=dialog]')?.contains(document.activeElement) === true;
      if (!inside) document.body.dataset['lostFocus'] = 'true';
    };
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
  await view.send({ type: 'training', form: FORM, dataset: DIGITS, running: false });
  await sheet.getByRole('textbox', { name: 'Epochs', exact: true }).waitFor();
  expect(await page.locator('body').getAttribute('data-lost-focus')).toBeNull();
});

test('asks for every optimizer', async () => {
  const { choose, form } = await openTraining();
  for (const [label, kind] of [
    ['RMSprop', 'rmsprop'],
    ['AdamW', 'adamw'],
    ['Adam', 'adam'],
    ['SGD', 'sgd'],
  ] as const) {
    await choose('Optimizer', label);
    expect((await form())?.optimizer).toBe(kind);
  }
});

test('says what is folded away, and trains with it', async () => {
  const { view, sheet, choose, type, check, more, settle } = await openTraining();
  expect(await sheet.getByRole('group', { name: 'Early stopping' }).isVisible()).toBe(false);
  await more.click();
  await choose('Schedule', 'On plateau');
  await type('Warm-up, epochs', '2');
  await type('Plateau, epochs', '4');
  await check('Stop once it gets no better');
  await choose('Monitor', 'Validation accuracy');
  await type('Patience, epochs', '5');
  await choose('Flip', 'Horizontal');
  await type('Rotate, ± degrees', '36');
  await type('Zoom, ± %', '10');
  await type('Label smoothing', '0.1');
  await choose('Class weights', 'Balanced');
  await type('Checkpoint, epochs', '2');
  await choose("Frozen layers' features", 'Off');
  await more.click();
  await sheet
    .getByText(
      'reduce on plateau, warm-up, early stopping, augmentation, label smoothing, balanced classes, checkpoints, no feature cache',
    )
    .waitFor();
  await settle();
  await sheet.locator('.train-start').click();
  const { form } = await view.nextPost('train');
  expect(form).toMatchObject({
    schedule: { kind: 'reduceOnPlateau', factor: 0.5, patience: 4, warmup: { epochs: 2 } },
    earlyStopping: { monitor: 'val_accuracy', patience: 5, restoreBest: true },
    augment: { flip: 'horizontal', rotate: 0.1, zoom: 0.1 },
    labelSmoothing: 0.1,
    classWeights: 'balanced',
    checkpoint: { every: 2 },
    cacheFeatures: 'off',
  });
});

test('watches the training where no images are held back', async () => {
  const { sheet, type, check, more } = await openTraining();
  await more.click();
  await check('Stop once it gets no better');
  const monitor = sheet.getByRole('combobox', { name: 'Monitor', exact: true });
  const monitored = () => monitor.evaluate((element) => (element as HTMLSelectElement).value);
  await expect.poll(monitored).toBe('val_loss');
  await type('Validation, %', '0');
  await expect.poll(monitored).toBe('loss');
  await monitor.click();
  expect(await sheet.getByRole('option', { name: 'Validation accuracy' }).count()).toBe(0);
});

test('fine-tunes in a second phase, and says what stays frozen', async () => {
  const { view, sheet, type, check, form } = await openTraining();
  const name = 'Then fine-tune the last stages';
  await check(name);
  expect((await form())?.fineTune).toEqual({ stages: 1, learningRate: 1e-4, epochs: 5 });
  await sheet.getByText('The first 2 of 3 stages stay frozen.').waitFor();
  await type('Last stages', '2');
  await sheet.getByText('The first of 3 stages stays frozen.').waitFor();
  await type('Last stages', '3');
  await sheet.getByText('No layer stays frozen.').waitFor();
  await type('More epochs', '0');
  await sheet.locator('.train-start[disabled]').waitFor();
  await type('More epochs', '3');
  await sheet.getByRole('button', { name: 'Show the plan' }).click();
  expect((await view.nextPost('showPlan')).form.fineTune).toEqual({
    stages: 3,
    learningRate: 1e-4,
    epochs: 3,
  });
  await type('More epochs', 'x');
  // What is no longer asked for cannot be wrong.
  await check(name);
  await sheet.locator('.train-start:not([disabled])').waitFor();
});

test('shows what the host finds wrong with the plan, until it is mended', async () => {
  const { view, sheet, settle } = await openTraining();
  const problem = 'data.train: found 1, expected a text';
  await view.send({ type: 'planProblem', problem });
  await sheet.getByText(`In the plan, ${problem}.`).waitFor();
  await sheet.locator('.train-start[disabled]').waitFor();
  await expect(sheet.getByRole('button', { name: 'Show the plan' }).isDisabled()).resolves.toBe(true);
  await sheet.getByRole('textbox', { name: 'Epochs', exact: true }).fill('2');
  await settle();
  await sheet.locator('.train-start:not([disabled])').waitFor();
});

test('takes the keyboard alone', async () => {
  const { page, sheet, settle, form, more } = await openTraining();
  await sheet.getByRole('checkbox', { name: 'Then fine-tune' }).focus();
  await page.keyboard.press('Space');
  await settle();
  expect((await form())?.fineTune).toBeDefined();
  for (const label of ['Last stages', 'More epochs', 'At rate']) {
    await page.keyboard.press('Tab');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe(label);
  }
  await page.keyboard.press('Tab');
  expect(await more.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await sheet.getByRole('group', { name: 'Early stopping' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await settle();
  expect((await form())?.schedule?.kind).toBe('cosine');
});

test.each(['dark', 'light', 'contrast'] as const)('looks at home in %s', async (theme) => {
  const { view, sheet, check, choose, more } = await openTraining({ theme, width: 1280, height: 1500 });
  await view.screenshot(`train-folded-${theme}`);
  await check('Then fine-tune the last stages');
  await more.click();
  await check('Stop once it gets no better');
  await choose('Schedule', 'On plateau');
  await sheet.getByText('Restore the best weights').waitFor();
  await view.screenshot(`train-${theme}`);
  expect(await view.accessibilityFindings()).toEqual([]);
});

test('shows the run that goes on in place of starting another', async () => {
  const { sheet, view } = await openTraining({ width: 1056 });
  const form = (await view.postsOf('training')).at(-1)?.form ?? FORM;
  await view.send({ type: 'training', form, dataset: DIGITS, running: true });
  await sheet.getByText('A run is going on already.').waitFor();
  expect(await sheet.locator('.train-start').count()).toBe(0);
  const actions = await sheet.locator('.sheet-actions > *').all();
  const lines = await Promise.all(actions.map((action) => action.evaluate(middleAndHeight)));
  expect(lines.map(({ height }) => height < 30)).toEqual([true, true]);
  expect(Math.abs(lines[0]!.middle - lines[1]!.middle)).toBeLessThanOrEqual(1);
  await view.screenshot('editor-train-running');
  await sheet.locator('vscode-button', { hasText: 'Show the run' }).click();
  await view.nextPost('showRuns');
});

test.each(WIDTHS)(
  'keeps the words of the usual actions in a window of $width pixels',
  async ({ width, words }) => {
    const { page } = await pages.open(new EditorHost(residualNet([1, 1, 1], 5)), { width });
    const labels = await page.locator('.action-label').all();
    const seen: string[] = [];
    for (const label of labels) {
      const box = await label.boundingBox();
      if (box && box.width > 1) seen.push((await label.textContent()) ?? '');
    }
    expect(seen).toEqual(words);
    const [bar, stage] = await Promise.all([
      page.locator('.action-bar').boundingBox(),
      page.locator('.stage').boundingBox(),
    ]);
    expect(bar!.x).toBeGreaterThanOrEqual(stage!.x);
    expect(bar!.x + bar!.width).toBeLessThanOrEqual(stage!.x + stage!.width);
    await page.getByRole('button', { name: 'More actions' }).click();
    for (const name of WIDTHS[0].words) {
      await page
        .getByRole('menuitem', { name: new RegExp(`^${name}`) })
        .first()
        .waitFor();
    }
  },
);

function middleAndHeight(element: Element): { readonly middle: number; readonly height: number } {
  const { top, height } = element.getBoundingClientRect();
  return { middle: top + height / 2, height };
}
