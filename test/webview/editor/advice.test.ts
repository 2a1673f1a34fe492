import { expect, test } from 'vitest';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { residualNet } from '../support/models';

const pages = editorPages();

async function openAdvice(options?: OpenOptions) {
  const host = new EditorHost(residualNet([1, 1, 1], 5));
  const session = await pages.open(host, options);
  const { view, page, settle } = session;
  const sheet = page.getByRole('dialog', { name: 'Suggest a strategy' });
  const advise = async () => {
    await view.send({ type: 'command', command: 'advise' });
    await sheet.waitFor();
  };
  await advise();
  const type = async (label: string, text: string) => {
    await sheet.getByRole('textbox', { name: label, exact: true }).fill(text);
    await settle();
  };
  const choose = async (likeness: string) => {
    await sheet.getByRole('radio', { name: likeness }).click();
    await settle();
  };
  const phases = () => sheet.locator('.advice-phase .preview-detail').allTextContents();
  const apply = sheet.locator('.advice-apply');
  return { ...session, host, sheet, advise, type, choose, phases, apply };
}

test('counts the images, asks one question, and follows the advice in one step', async () => {
  const { host, view, page, sheet, choose, phases, apply, edits, settle, advise } = await openAdvice();
  // From the training form, too.
  await sheet.locator('vscode-button', { hasText: 'Back' }).click();
  const train = page.getByRole('dialog', { name: 'Train' });
  await train.getByRole('button', { name: 'Advise…' }).click();
  await sheet.getByRole('button', { name: 'Browse…' }).click();
  await settle();
  await sheet.getByText('digits-5-9 holds 820 images of 5 classes.').waitFor();
  expect(await apply.getAttribute('disabled')).not.toBe(null);

  await choose('Different');
  await sheet.getByRole('heading', { name: 'Cut earlier, with a shallow head' }).waitFor();
  await sheet.getByText('Cut after conv3_block1_out', { exact: true }).waitFor();
  // 32 features for five classes; then the second stage learns too.
  const [first, second] = await phases();
  expect(first).toMatch(/^165 of [\d,]+ parameters train, \d+ layers frozen$/);
  expect(Number(second?.split(' ')[0]?.replace(',', ''))).toBeGreaterThan(165);

  await apply.click();
  await settle();
  await train.waitFor();
  expect(host.recipe.operations.map(({ op }) => op)).toEqual(['cut', 'append']);
  expect((await view.postsOf('training')).at(-1)?.form).toMatchObject({
    ...{ optimizer: 'adam', learningRate: 1e-3, epochs: 10, dataFolder: '/workspace/digits-5-9' },
    fineTune: { stages: 1, learningRate: 1e-5, epochs: 10 },
  });
  expect(await edits()).toHaveLength(1);
  await train.getByText('The first of 2 stages stays frozen.').waitFor();
  await train.locator('.train-start:not([disabled])').waitFor();

  // Advice that was followed changes nothing a second time.
  await advise();
  await choose('Different');
  await apply.click();
  await settle();
  expect(await edits()).toHaveLength(1);

  host.answer({ type: 'undo' });
  expect(host.recipe.operations).toEqual([]);
});

test.each([
  ['600', 'Similar', 'Train the head'],
  ['50000', 'Similar', 'Train the head, then open the last stages'],
  ['600', 'Different', 'Cut earlier, with a shallow head'],
  ['50000', 'Different', 'Train all, from the pretrained weights'],
  ['600', 'I don’t know', 'Train the head'],
])('advises on %s images that are: %s', async (images, likeness, title) => {
  const { sheet, type, choose } = await openAdvice();
  await type('Images', images);
  await type('Classes', '10');
  await choose(likeness);
  await sheet.getByRole('heading', { name: title, exact: true }).waitFor();
  const doubts = await sheet.getByText('In doubt', { exact: true }).count();
  expect(doubts).toBe(likeness === 'I don’t know' ? 1 : 0);
});

test('says what is wrong with a number, and why there is no advice', async () => {
  const { sheet, type, choose, apply } = await openAdvice();
  await type('Images', '3');
  await type('Classes', 'one');
  await choose('Similar');
  await sheet.getByText('a whole number from 2').waitFor();
  await type('Classes', '5');
  await sheet.getByText('found 3 images for 5 classes, expected at least one of each class').waitFor();
  expect(await apply.getAttribute('disabled')).not.toBe(null);
});

test.each(['dark', 'light', 'contrast'] as const)('is read whole in a %s theme', async (theme) => {
  for (const width of [1400, 360]) {
    const { view, sheet, type, choose, phases } = await openAdvice({ theme, width, height: 900 });
    await type('Images', '600');
    await type('Classes', '10');
    await view.screenshot(`advice-asked-${theme}-${width}`);
    await choose('Different');
    await expect
      .poll(phases)
      .toEqual([expect.stringContaining('layers frozen'), expect.stringContaining('layers frozen')]);
    await view.screenshot(`advice-${theme}-${width}`);
    const cut = await sheet.evaluate((element) =>
      [...element.querySelectorAll('.advice *, .advice-choice *, .advice-data *')]
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
        .map(({ className, textContent }) => `${className}: ${textContent}`),
    );
    expect(cut).toEqual([]);
    expect(await view.accessibilityFindings()).toEqual([]);
    await sheet.locator('.advice-phase').last().scrollIntoViewIfNeeded();
    await view.screenshot(`advice-end-${theme}-${width}`);
  }
});
