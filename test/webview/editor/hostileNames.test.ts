import { expect, test } from 'vitest';
import type { HostToEditor } from '../../../src/protocol/editor';
import { GraphBuilder } from '../../unit/support/graphs';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';

const pages = editorPages();

const IMAGE = '<img src=x onerror="document.title=1">';
const SCRIPT = '"><script>document.title=2</script>';
const TURNED = '\u202eeman\u0007';

function hostileNet() {
  const build = new GraphBuilder(`${IMAGE}${SCRIPT}`);
  const input = build.input([null, 8], SCRIPT);
  const dense = build.add({ kind: 'Dense', name: IMAGE, config: { units: 4 } }, input);
  return build.outputs(build.add({ kind: '<b>Bold</b>', name: TURNED, config: { [IMAGE]: IMAGE } }, dense));
}

test('names are text, whatever is in them: on cards, in lists, in the inspector and in the summary', async () => {
  const { page, settle } = await pages.open(new EditorHost(hostileNet(), `${IMAGE}.h5`));
  const title = await page.title();
  await page.locator('.react-flow__node').filter({ hasText: IMAGE }).click();
  await settle();
  await page.getByRole('heading', { name: IMAGE }).first().waitFor();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('<img');
  await settle();
  const body = page.locator('body');
  expect(await body.innerText()).toContain(IMAGE);
  expect(await page.locator('img, b, #root script').count()).toBe(0);
  expect(await page.title()).toBe(title);
});

test('what is no message of the host is passed over', async () => {
  const { page, view } = await pages.open(new EditorHost(hostileNet(), 'm.h5'));
  const junk: readonly unknown[] = [
    ...[null, 1, 'model', [], {}, { type: 'model' }, { type: 'model', protocol: '1', model: {} }],
    ...[{ type: 'constructor' }, { type: '__proto__' }, { type: 'refused', code: 1, message: {} }],
    ...[{ type: 'summary' }, { type: 'previewed', request: 1 }, { type: 'heads', heads: 'x' }],
    ...[
      { type: 'training', form: null, dataset: null, running: false },
      { type: 'kinds', kinds: { length: 3 } },
    ],
  ];
  for (const message of junk) await view.send(message as HostToEditor);
  await page.locator('.react-flow__node').filter({ hasText: IMAGE }).click();
  await page.getByRole('heading', { name: IMAGE }).first().waitFor();
});
