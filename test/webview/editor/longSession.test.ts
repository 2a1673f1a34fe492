import { expect, test } from 'vitest';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import { residualNet } from '../support/models';

const pages = editorPages();

const EDITS = 200;
/** Until then code is compiled, and caches grow to what they hold. */
const SETTLED = 40;
/** A model of these layers that stayed after an edit took 17 KB when each index held the one before. */
const MOST_AN_EDIT = 8 * 2 ** 10;

test('200 edits, half of them taken back, leave a page that holds no more than before', async () => {
  const host = new EditorHost(residualNet());
  const { page, view, card, settle } = await pages.open(host);
  const devtools = await page.context().newCDPSession(page);
  const heapBytes = async () => {
    // Twice: what a first round lets go of may have been all that held more.
    await devtools.send('HeapProfiler.collectGarbage');
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  const name = residualNet().layers[1]!.name;
  const isFrozen = () => card(name).locator('.layer').getAttribute('data-frozen');
  /** Every card changes with each: each layer's view is another one. */
  const edit = async (count: number) => {
    for (let done = 0; done < count; done++) {
      const rules = [{ match: { all: true as const }, trainable: done % 4 < 2 }];
      const changed = host.answer({ type: 'edit', edit: { type: 'setFreezeRules', rules } });
      const back = done % 2 === 0 ? [] : host.answer({ type: 'undo' });
      for (const message of [...changed, ...back]) await view.send(message);
    }
    await settle();
  };
  await edit(SETTLED);
  const before = await heapBytes();
  await edit(EDITS);
  const more = (await heapBytes()) - before;
  expect(more).toBeLessThan(EDITS * MOST_AN_EDIT);
  // The page has followed: it shows what the host has.
  await expect.poll(async () => (await isFrozen()) !== null).toBe(!host.graph.layers[1]!.trainable);
});
