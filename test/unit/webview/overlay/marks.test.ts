import { describe, expect, test } from 'vitest';
import type { ModelView } from '../../../../src/protocol/editor';
import { activationBytes, memoryOf, showBytes, weightBytes } from '../../../../webview/editor/model/memory';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { outlineOf } from '../../../../webview/editor/outline/outline';
import { sceneOf } from '../../../../webview/editor/outline/scene';
import type { Openness } from '../../../../webview/editor/outline/scene';
import { marksOf, placeOf, STEPS, valueAt } from '../../../../webview/editor/overlay/marks';
import { measureOf, shortNumber } from '../../../../webview/editor/overlay/measures';
import type { OverlayId, Spreads } from '../../../../webview/editor/overlay/measures';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

const model = new EditorHost(residualNet()).model();

function marks(overlay: OverlayId, options: { open?: Openness; spreads?: Spreads; model?: ModelView } = {}) {
  const shown = options.model ?? model;
  const openness = options.open ?? 'flat';
  const scene = sceneOf(outlineOf(shown), openness, indexModel(shown));
  const layout = { positions: [], routes: [], frames: [], width: 0, height: 0 };
  return marksOf(
    { model: shown, scene, layout: layout as never, openness, direction: 'down' },
    overlay,
    options.spreads ?? new Map(),
  );
}

const layer = (name: string) => model.layers.find((one) => one.name === name)!;

describe('memory', () => {
  test('of a sample is four bytes a number, of weights what their type takes', () => {
    // 64 × 64 × 16 numbers.
    expect(activationBytes(layer('conv1_conv'))).toBe(64 * 64 * 16 * 4);
    expect(activationBytes({ outputShape: [null, null, 8] })).toBeNull();
    expect(weightBytes(layer('conv1_conv'))).toBe(3 * 3 * 3 * 16 * 4);
    const weight = { name: 'w', role: 'parameter', fresh: false } as const;
    expect(
      weightBytes({
        weights: [
          { ...weight, shape: [3, 5], dtype: 'float16' },
          { ...weight, shape: [7], dtype: 'bool' },
          { ...weight, shape: [], dtype: 'int64' },
        ],
      }),
    ).toBe(30 + 7 + 8);
    const { activations, unknown, weights } = memoryOf(model.layers);
    expect(unknown).toBe(0);
    expect(weights).toBe(model.totals.params * 4);
    expect(activations).toBe(model.layers.reduce((sum, one) => sum + activationBytes(one)!, 0));
  });

  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [1024 ** 2 * 97.75, '97.8 MB'],
    [1024 ** 2 - 1, '1 MB'],
    [1024 ** 3 * 1010, '1010 GB'],
  ])('%d bytes are %s', (bytes, text) => expect(showBytes(bytes)).toBe(text));
});

describe('an overlay', () => {
  test('marks each card with its value, the largest full', () => {
    const { of, scale } = marks('parameters');
    const most = Math.max(...model.layers.map(({ params }) => params));
    expect(scale?.most).toBe(most);
    for (const { id, params } of model.layers) {
      if (params === 0) expect(of.has(id)).toBe(false);
      else expect(of.get(id)?.level === STEPS).toBe(params > most * 0.9);
    }
    expect(of.get(layer('conv1_conv').id)?.text).toBe('432');
  });

  test('adds up what is in a closed box', () => {
    const closed = marks('activations', { open: new Set() });
    const [box] = [...outlineOf(model).boxes.values()].filter(({ id }) => closed.of.has(id));
    expect(box).toBeDefined();
    const inside = model.layers.filter(({ id }) => box!.layers.includes(id));
    const bytes = inside.reduce((sum, one) => sum + activationBytes(one)!, 0);
    expect(inside.length).toBeGreaterThan(1);
    expect(closed.of.get(box!.id)?.text).toBe(showBytes(bytes));
  });

  test('of what can be trained says the share of the numbers', () => {
    const host = new EditorHost(residualNet());
    const rules = [{ match: { names: ['conv1_conv'] } }];
    host.answer({ type: 'edit', edit: { type: 'freeze', rules } });
    const { of } = marks('trainable', { model: host.model() });
    expect(of.get(layer('conv1_conv').id)).toMatchObject({ text: '0%', level: 0 });
    // Of a normalization's four numbers a channel two are statistics.
    expect(of.get(layer('conv1_bn').id)).toMatchObject({ text: '50%', level: STEPS / 2 });
    expect(of.has(layer('conv1_relu').id)).toBe(false);
  });

  test('of means goes to both sides of zero', () => {
    const spreads = new Map([
      [layer('conv1_conv').id, { mean: -0.5, deviation: 1 }],
      [layer('conv1_bn').id, { mean: 0.25, deviation: 2 }],
    ]);
    const { of, scale } = marks('mean', { spreads });
    expect(scale).toEqual({ least: -0.5, most: 0.5 });
    expect(of.get(layer('conv1_conv').id)).toMatchObject({ text: '−0.5', level: -STEPS, signed: true });
    expect(of.get(layer('conv1_bn').id)).toMatchObject({ text: '0.25', level: STEPS / 2 });
    expect(of.size).toBe(2);
  });

  test('joins the spreads in a box as if its numbers were one weight', () => {
    const all = new Map(
      model.layers.filter(({ params }) => params > 0).map(({ id }) => [id, { mean: 0, deviation: 0.5 }]),
    );
    const { of } = marks('spread', { open: new Set(), spreads: all });
    expect(of.size).toBeGreaterThan(2);
    for (const { text } of of.values()) expect(text).toBe('0.5');
  });

  test('gives the same mark again while it would show the same', () => {
    const [first, second] = [marks('flops'), marks('flops')];
    expect(first.of.size).toBeGreaterThan(10);
    for (const [id, mark] of first.of) expect(second.of.get(id)).toBe(mark);
  });

  test('has no scale where nothing has a value', () => {
    expect(marks('mean').scale).toBeUndefined();
    expect(marks('mean').of.size).toBe(0);
  });

  test('counts orders of magnitude from the least to the most, six at most', () => {
    const measure = measureOf('flops');
    const scale = { least: 10, most: 1000 };
    expect(placeOf(measure, scale, 100)).toBeCloseTo(0.5);
    expect(valueAt(measure, scale, 0.5)).toBeCloseTo(100);
    expect(placeOf(measure, scale, 0)).toBe(0);
    expect(placeOf(measure, { least: 7, most: 7 }, 7)).toBe(1);
    // A frozen layer has moved by nothing beside the one that has moved.
    expect(placeOf(measure, { least: 7, most: 7 }, 0)).toBe(0);
  });

  test.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [-0.00001234, '−1.2e-5'],
    [123456, '1.2e5'],
  ])('%d reads %s', (value, text) => expect(shortNumber(value)).toBe(text));
});
