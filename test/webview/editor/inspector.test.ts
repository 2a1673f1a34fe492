import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { statisticsOf } from '../../../src/core/weights/statistics';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import type { OpenOptions } from '../support/browser';
import { EditorHost } from '../support/editorHost';
import { editorPages } from '../support/editorPages';
import type { EditorSession } from '../support/editorSession';
import { residualNet, stateDict } from '../support/models';

const pages = editorPages();
let digits: LayerGraph;

beforeAll(async () => {
  ({ graph: digits } = await openModel(path.resolve(import.meta.dirname, '../../../samples/digits-0-4.h5')));
});

async function open(
  graph = digits,
  layer?: string,
  options: OpenOptions = { width: 1280, height: 1000 },
): Promise<EditorSession> {
  const session = await pages.open(new EditorHost(graph, `${graph.name}.h5`), options);
  if (layer !== undefined) {
    await session.view.send({ type: 'command', command: 'fit' });
    await session.card(layer).click();
    await session.settle();
  }
  return session;
}

const named = (kind: string) => digits.layers.find((layer) => layer.kind === kind)!;
const field = ({ page }: EditorSession, name: string) => page.getByRole('textbox', { name, exact: true });
const choose = async ({ page, settle }: EditorSession, name: string, option: string) => {
  await page.getByRole('combobox', { name, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
  await settle();
};

describe('the configuration', () => {
  test('is a form made from the kind: typing is one edit, on Enter or on leaving the field', async () => {
    const { name } = named('Conv2D');
    const opened = await open(digits, name);
    const { page, settle, edits } = opened;
    const before = Number(await field(opened, 'filters').inputValue());
    expect(before).toBeGreaterThan(0);
    await field(opened, 'filters').fill('24');
    expect(await edits()).toEqual([]);
    await page.keyboard.press('Enter');
    await settle();
    await field(opened, 'kernel_size').fill('5, 3');
    await field(opened, 'strides').focus();
    await settle();
    const operation = { op: 'configure', layer: name };
    expect(await edits()).toEqual([
      { type: 'operate', operation: { ...operation, config: { filters: 24 } } },
      { type: 'operate', operation: { ...operation, config: { kernel_size: [5, 3] } } },
    ]);
    await expect(field(opened, 'kernel_size').inputValue()).resolves.toBe('5, 3');
    // What is not at its default says so, and goes back with one press.
    await opened.view.screenshot('inspector-form');
  });

  test('takes a choice at once, and goes back to the default', async () => {
    const { name, config } = named('Conv2D');
    const opened = await open(digits, name);
    const { page, settle, edits } = opened;
    await choose(opened, 'activation', 'gelu');
    await page.getByText('More settings').click();
    await choose(opened, 'kernel_initializer', 'HeNormal');
    const flag = page.getByRole('checkbox', { name: 'use_bias' });
    await flag.click();
    await settle();
    await page.getByRole('button', { name: 'Reset activation to linear' }).click();
    await settle();
    expect((await edits()).map((edit) => edit.type === 'operate' && edit.operation)).toEqual(
      [
        { activation: 'gelu' },
        { kernel_initializer: { kind: 'HeNormal', config: {} } },
        { use_bias: !config['use_bias'] },
        { activation: 'linear' },
      ].map((changed) => ({ op: 'configure', layer: name, config: changed })),
    );
    expect(await page.getByRole('button', { name: 'Reset activation to linear' }).count()).toBe(0);
  });

  test('tells beside the field what is wrong, and sends nothing', async () => {
    const opened = await open(digits, named('Conv2D').name);
    const before = await field(opened, 'filters').inputValue();
    await field(opened, 'filters').fill('0');
    await opened.page.keyboard.press('Enter');
    await opened.settle();
    await expect(opened.page.locator('.config-field [data-problem]').textContent()).resolves.toContain(
      'a whole number from 1',
    );
    expect(await opened.edits()).toEqual([]);
    expect(await opened.view.accessibilityFindings()).toEqual([]);
    // Escape takes back what was typed, and keeps the selection.
    await field(opened, 'filters').press('Escape');
    await expect(field(opened, 'filters').inputValue()).resolves.toBe(before);
    expect(await opened.selected()).toHaveLength(1);
  });

  test('puts a field back whose edit is refused', async () => {
    const opened = await open(digits, named('Conv2D').name);
    const { page, settle, edits } = opened;
    const before = await field(opened, 'strides').inputValue();
    await page.getByText('More settings').click();
    // Strides and dilation above one at once: Keras refuses that, and so does the host.
    await field(opened, 'dilation_rate').fill('2');
    await page.keyboard.press('Enter');
    await settle();
    await field(opened, 'strides').fill('2');
    await page.keyboard.press('Enter');
    await settle();
    expect(await edits()).toHaveLength(2);
    await expect(page.getByRole('alert').textContent()).resolves.toContain('CONFIG_INVALID');
    await expect(field(opened, 'strides').inputValue()).resolves.toBe(before);
  });

  test('is read-only where the catalogue does not know the layer', async () => {
    const known = named('Conv2D');
    const layers = digits.layers.map((layer) =>
      layer === known ? { ...layer, kind: 'Mystery', opaque: 'the kind "Mystery" is not known' } : layer,
    );
    const { page } = await open({ ...digits, layers }, known.name);
    await expect(page.locator('.section', { hasText: 'read-only' }).textContent()).resolves.toContain(
      'The catalogue does not know this layer',
    );
    expect(await page.locator('.config-form').count()).toBe(0);
  });
});

describe('the name', () => {
  test('is changed in place, with F2 or the pencil', async () => {
    const { name } = named('Dense');
    const opened = await open(digits, name);
    const { page, settle, edits } = opened;
    await page.keyboard.press('F2');
    const box = field(opened, 'Name of the layer');
    await box.waitFor();
    await page.waitForFunction(() => document.activeElement?.localName === 'vscode-text-field');
    await page.keyboard.type('scores');
    await page.keyboard.press('Enter');
    await settle();
    expect(await edits()).toEqual([
      { type: 'operate', operation: { op: 'rename', layer: name, to: 'scores' } },
    ]);
    await expect(page.locator('.page-title > span').textContent()).resolves.toBe('scores');
  });

  test('cannot be one that another layer has', async () => {
    const opened = await open(digits, named('Dense').name);
    const { page, edits } = opened;
    await page.getByRole('button', { name: 'Rename' }).click();
    await field(opened, 'Name of the layer').fill(named('Conv2D').name);
    await page.keyboard.press('Enter');
    await expect(page.locator('.rename [data-problem]').textContent()).resolves.toContain('names are unique');
    await page.keyboard.press('Escape');
    expect(await page.locator('.rename').count()).toBe(0);
    expect(await edits()).toEqual([]);
    expect(await opened.selected()).toEqual([named('Dense').name]);
  });
});

test('another kind can take the place of the layer', async () => {
  const { page, settle } = await open(digits, named('Conv2D').name);
  await page.getByRole('button', { name: 'Replace with another kind…' }).click();
  await settle();
  expect(await page.getByRole('dialog').count()).toBe(1);
});

describe('the weights', () => {
  test('are not read before somebody asks; then they say what the file holds', async () => {
    const layer = named('Conv2D');
    const opened = await open(digits, layer.name);
    const { page, settle, view } = opened;
    expect(await page.locator('.histogram').count()).toBe(0);
    expect((await view.postsOf('inspect')).every(({ weights }) => !weights)).toBe(true);
    await page.getByRole('button', { name: 'Look into the weights' }).click();
    await settle();
    const reader = openWeights();
    const [kernel] = layer.weights;
    const { min, max, mean, deviation } = statisticsOf(await reader.read(kernel!));
    await reader.close();
    const shown = await page.locator('.weights li').first().locator('dd').allTextContents();
    const numbers = shown.map((text) => Number(text.replace('−', '-').replace('%', '')));
    expect(numbers[0]).toBeCloseTo(min, 2);
    expect(numbers[1]).toBeCloseTo(max, 2);
    expect(numbers[3]).toBeCloseTo(mean, 2);
    expect(numbers[4]).toBeCloseTo(deviation, 2);
    expect(await page.getByRole('img', { name: /^Histogram of/ }).count()).toBe(layer.weights.length);
    // Remembered: the next layer is looked into as well.
    await opened.card(named('Dense').name).click();
    await settle();
    expect(await page.locator('.histogram').count()).toBe(named('Dense').weights.length);
    expect(await view.accessibilityFindings()).toEqual([]);
  });

  test('show the filters of a convolution, a channel at a time', async () => {
    const convolutions = digits.layers.filter(({ kind }) => kind === 'Conv2D');
    const deep = convolutions.find(({ weights }) => weights[0]!.shape[2]! > 3)!;
    const opened = await open(digits, deep.name);
    const { page, settle, view } = opened;
    await page.getByRole('button', { name: 'Look into the weights' }).click();
    await settle();
    const canvas = page.locator('.filters canvas');
    const pixels = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    const channels = deep.weights[0]!.shape[2]!;
    await expect(canvas.getAttribute('aria-label')).resolves.toContain(`channel 1 of ${channels}`);
    const first = await pixels();
    await page.getByRole('button', { name: 'Next channel' }).click();
    await settle();
    await expect(canvas.getAttribute('aria-label')).resolves.toContain(`channel 2 of ${channels}`);
    expect(await pixels()).not.toBe(first);
    await page.getByRole('button', { name: 'Previous channel' }).click();
    await settle();
    expect(await pixels()).toBe(first);
    expect((await view.postsOf('filters')).map(({ channel }) => channel)).toEqual([0, 1, 0]);
    await view.screenshot('inspector-weights');
  });

  test('can be cancelled, and another layer ends the reading of the one before', async () => {
    const layer = named('Conv2D');
    const { page, view, card, settle } = await open(digits, layer.name);
    // Not answered yet: under way.
    await page.getByRole('button', { name: 'Look into the weights' }).click();
    await page.getByRole('progressbar', { name: 'Weights read' }).waitFor();
    await view.screenshot('inspector-reading');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await settle();
    expect(await page.locator('.histogram').count()).toBe(0);
    expect((await view.postsOf('inspect')).slice(-2)).toEqual([
      { type: 'inspect', layer: layer.id, weights: true },
      { type: 'inspect', layer: layer.id, weights: false },
    ]);
    await page.getByRole('button', { name: 'Look into the weights' }).click();
    await card(named('Dense').name).click();
    expect((await view.postsOf('inspect')).at(-1)).toMatchObject({ layer: named('Dense').id, weights: true });
    await settle();
    expect(await page.locator('.histogram').count()).toBe(named('Dense').weights.length);
  });

  test('are warned of where numbers are not finite', async () => {
    const layer = named('Conv2D');
    const [kernel] = layer.weights;
    const numbers = new Float32Array(kernel!.shape.reduce((product, size) => product * size, 1)).fill(0.5);
    numbers[0] = NaN;
    numbers[1] = 0;
    const folder = await mkdtemp(path.join(tmpdir(), 'weights-'));
    const file = path.join(folder, 'kernel.bin');
    await writeFile(file, new Uint8Array(numbers.buffer));
    const ranges = [{ path: file, offset: 0, byteLength: numbers.byteLength }];
    const weights = [{ ...kernel!, source: { from: 'ranges' as const, ranges } }];
    const layers = digits.layers.map((one) => (one === layer ? { ...one, weights } : one));
    const { page, settle } = await open({ ...digits, layers }, layer.name);
    await page.getByRole('button', { name: 'Look into the weights' }).click();
    await settle();
    await rm(folder, { recursive: true });
    await expect(page.locator('.weights-problem').textContent()).resolves.toContain(
      `1 of ${numbers.length} numbers is NaN or infinite`,
    );
    const shown = await page.locator('.weights li dd').allTextContents();
    expect(shown.slice(0, 3)).toEqual(['0', '0.5', '<1%']);
  });

  test('that cannot be read say why', async () => {
    const layer = named('Conv2D');
    const layers = digits.layers.map((one) =>
      one === layer
        ? {
            ...one,
            weights: one.weights.map((weight) => ({
              ...weight,
              source: {
                from: 'ranges' as const,
                ranges: [{ path: '/nowhere/lost.bin', offset: 0, byteLength: 576 }],
              },
            })),
          }
        : one,
    );
    const { page, settle, view } = await open({ ...digits, layers }, layer.name);
    await page.getByRole('button', { name: 'Look into the weights' }).click();
    await settle();
    await expect(page.locator('.weights-problem').textContent()).resolves.toContain('lost.bin');
    expect(await page.locator('.weight-wait').count()).toBe(0);
    expect(await view.accessibilityFindings()).toEqual([]);
  });
});

describe('totals', () => {
  test('of a selection: parameters, memory, operations, kinds', async () => {
    const opened = await open(residualNet());
    const { page } = opened;
    await page.keyboard.press('Control+a');
    const facts = await page.locator('.section', { hasText: 'Together' }).locator('dd').allTextContents();
    const { totals } = new EditorHost(residualNet()).model();
    expect(facts.slice(0, 4)).toEqual(
      [totals.params, totals.trainable, totals.frozen, totals.statistics].map((total) =>
        total.toLocaleString('en-US'),
      ),
    );
    expect(facts[5]).toMatch(/^[\d.]+ [KM]B$/);
    expect(facts[6]).toMatch(/^[\d.]+ MB$/);
    await opened.view.screenshot('inspector-selection');
  });

  test('of weights alone leave out what nobody knows', async () => {
    const session = await pages.open(new EditorHost(stateDict(), 'r.pth', 'PyTorch', true));
    const { page } = session;
    const facts = await page.locator('.section').first().locator('dt').allTextContents();
    expect(facts).toEqual(['Layers', 'Parameters', 'Memory of weights']);
  });
});

test('looks at home in a light and a high contrast theme', async () => {
  for (const theme of ['light', 'contrast'] as const) {
    const opened = await open(digits, named('Conv2D').name, { theme, width: 1280, height: 1200 });
    await opened.page.getByRole('button', { name: 'Look into the weights' }).click();
    await opened.settle();
    await opened.view.screenshot(`inspector-${theme}`);
    expect(await opened.view.accessibilityFindings()).toEqual([]);
    expect(await opened.view.complaints()).toEqual([]);
  }
});
