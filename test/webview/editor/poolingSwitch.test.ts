import { expect, test } from 'vitest';
import { replay } from '../../../src/core/surgery/replay';
import { zooEntry } from '../../../src/zoo/registry';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';

const pages = editorPages();

/** VGG16's feature maps of 7×7×512, averaged before a head of 512 units. */
function vggWithHead() {
  const backbone = zooEntry('VGG16').build({ includeTop: false, inputSize: [224, 224] });
  const { graph } = replay(backbone, {
    version: 1,
    operations: [
      {
        op: 'append',
        after: 'block5_pool',
        layers: [
          { kind: 'GlobalAveragePooling2D', name: 'gap' },
          { kind: 'Dropout', name: 'drop', config: { rate: 0.2 } },
          { kind: 'Dense', name: 'fc', config: { units: 512, activation: 'relu' } },
          { kind: 'Dense', name: 'predictions', config: { units: 2 } },
        ],
      },
    ],
    freeze: [],
  });
  return graph;
}

test.each(['dark', 'contrast'] as const)(
  'switches between pooling and Flatten, and says before what each costs: %s',
  async (theme) => {
    const { view, page, settle, card, edits, selected } = await pages.open(
      new EditorHost(vggWithHead(), 'vgg16.h5'),
      {
        theme,
      },
    );
    await page.keyboard.press('Control+f');
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await page.keyboard.type('gap');
    await page.getByText('1 of 1').waitFor();
    await expect.poll(selected).toEqual(['gap']);
    await settle();
    const ways = page.getByRole('radiogroup', { name: 'From maps to a vector' });
    const way = (name: string) => ways.getByRole('radio', { name });
    const params = () => ways.locator('b').allInnerTexts();
    await expect.poll(params).toEqual(['262,656', '12,845,568']);
    await page.getByText('Switching makes fc begin anew').waitFor();
    expect(await way('Pool').isChecked()).toBe(true);
    await view.screenshot(`editor-pooling-switch-${theme}`);
    expect(await view.accessibilityFindings()).toEqual([]);
    if (theme !== 'dark') return;

    await way('Flatten').click();
    await settle();
    expect(await edits()).toEqual([
      { type: 'operate', operation: { op: 'replace', layer: 'gap', with: { kind: 'Flatten' } } },
    ]);
    expect(await way('Flatten').isChecked()).toBe(true);
    await expect.poll(params).toEqual(['262,656', '12,845,568']);

    // The same from the layer's menu.
    await card('gap').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Pool instead of flattening' }).click();
    await settle();
    expect((await edits()).at(-1)).toEqual({
      type: 'operate',
      operation: { op: 'replace', layer: 'gap', with: { kind: 'GlobalAveragePooling2D' } },
    });
    await expect.poll(() => way('Pool').isChecked()).toBe(true);
  },
);
