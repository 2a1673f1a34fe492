import { describe, expect, test } from 'vitest';
import {
  bestPart,
  layersOfPart,
  repeatsLayer,
  sameSample,
  shapeEntering,
} from '../../../../webview/editor/model/donorPart';
import { firstChoices, suggestMap } from '../../../../webview/editor/model/mapSuggestions';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { blockOf } from '../../../../webview/editor/state/surgery';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

const indexOf = (stages: readonly number[]) => indexModel(new EditorHost(residualNet(stages)).model());

describe('the part of a donor', () => {
  const own = indexOf([1, 1]);
  const donor = indexOf([1, 1, 1]);
  const layer = (name: string) => own.byName.get(name)!;

  test('behind an input is the whole backbone', () => {
    expect(bestPart(donor, layer('images'))).toEqual({ from: null, to: 'conv4_block1_out' });
  });

  test('behind a layer begins at what reads the layer of its name, where one alone does', () => {
    expect(bestPart(donor, layer('conv1_conv'))).toEqual({ from: 'conv1_bn', to: null });
  });

  test('else at the first that reads its shape, past which everything goes', () => {
    const part = bestPart(donor, layer('conv3_block1_out'));
    expect(part).toEqual({ from: 'conv3_block1_out', to: null });
    expect(sameSample(shapeEntering(donor, part), layer('conv3_block1_out').outputShape)).toBe(true);
    const names = [...layersOfPart(donor, part)].map((id) => donor.byId.get(id)?.name);
    expect(names).toHaveLength(12);
    expect(names).not.toContain('conv3_block1_add');
  });

  test('begins at the layer of its own name where several layers read that, which is said', () => {
    // Of the same shape as the stage's end: the first that reads it is the stem, which nobody wants again.
    const part = bestPart(donor, layer('conv2_block1_out'));
    expect(part).toEqual({ from: 'conv2_block1_out', to: null });
    expect(repeatsLayer(donor, part, layer('conv2_block1_out'))).toBe(true);
    const before = bestPart(donor, layer('conv2_block1_add'));
    expect(before).toEqual({ from: 'conv2_block1_out', to: null });
    expect(repeatsLayer(donor, before, layer('conv2_block1_add'))).toBe(false);
  });

  test('without such a place is the backbone, whose seam does not fit', () => {
    const part = bestPart(donor, { ...layer('avg_pool'), outputShape: [null, 7] });
    expect(part).toEqual({ from: null, to: 'conv4_block1_out' });
    expect(sameSample(shapeEntering(donor, part), [null, 7])).toBe(false);
  });
});

test('layers that found no counterpart are offered those of their shapes, the likeliest first', () => {
  const model = new EditorHost(residualNet([2])).model();
  const donor = {
    ...model,
    layers: model.layers.map((layer) => ({ ...layer, name: layer.name.replace('conv2', 'stage.0') })),
  };
  const names = model.layers.filter(({ name }) => name.startsWith('conv2')).map(({ name }) => name);
  const unfound = suggestMap(model, donor, new Set(names), new Set(['conv1_conv', 'conv1_bn']));
  const map = firstChoices(unfound, new Set(['conv1_conv', 'conv1_bn']));
  for (const { layer } of unfound) expect(map[layer]).toBe(layer.replace('conv2', 'stage.0'));
  expect(unfound).toHaveLength(10);
});

test('a block is what a merge ends, and nothing else has one', () => {
  const index = indexOf([2]);
  const block = (name: string) => blockOf(index, index.byName.get(name)!);
  expect(block('conv2_block2_add')).toHaveLength(6);
  expect(block('conv2_block2_out')).toBeUndefined();
});
