import { expect, test } from 'vitest';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { residualNet } from '../support/models';

const pages = editorPages();

test('VS Code, which selects all of a page later, does not hear of it in a field', async () => {
  const { page } = await pages.open(new EditorHost(residualNet()));
  await page.evaluate(() => {
    window.addEventListener('keydown', ({ key }) => (document.body.dataset['heard'] = key));
  });
  const heard = () => page.locator('body').getAttribute('data-heard');
  const field = page.locator('.search input');
  await field.fill('block');
  await page.keyboard.press('Control+a');
  expect(await heard()).toBe('Control');
  await page.keyboard.type('conv');
  expect(await field.inputValue()).toBe('conv');
  await page.keyboard.press('Escape');
  await page.locator('.canvas').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Control+a');
  expect(await heard()).toBe('a');
});
