import { expect, test } from 'vitest';
import { zooEntry } from '../../../src/zoo/registry';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';

const pages = editorPages();

test('says which pixels the published weights of a model know, and takes them with a click', async () => {
  const vgg = zooEntry('VGG16').build({ classes: 5 });
  const { view, page, settle } = await pages.open(new EditorHost(vgg, 'vgg16.h5'));
  await view.send({ type: 'command', command: 'train' });
  const sheet = page.getByRole('dialog', { name: 'Train' });
  const warning = sheet.getByRole('status').filter({ hasText: 'The published weights of VGG' });
  await warning.waitFor();
  await settle();
  await view.screenshot('editor-pixel-values');
  await warning.getByRole('button', { name: 'Use these' }).click();
  await settle();
  expect((await view.postsOf('training')).at(-1)?.form.preprocess).toBe('caffe');
  await sheet.getByText('As the published weights of VGG know them.').waitFor();
  expect(await warning.count()).toBe(0);
});
