import { describe, expect, it } from 'vitest';
import type { LayerView } from '../../../../src/protocol/editor';
import { otherWay, switched, toVector } from '../../../../webview/editor/model/poolingSwitch';

const layer = (changes: Partial<LayerView>): LayerView => ({
  ...{ id: 'a', name: 'gap', kind: 'GlobalAveragePooling2D', family: 'pooling', config: {}, inputs: ['x'] },
  ...{ inputShapes: [[null, 7, 7, 512]], outputShape: [null, 512], params: 0, trainableParams: 0, flops: 0 },
  ...{ trainable: true, weights: [], group: [], stage: -1, grafted: false, isInput: false, isOutput: false },
  faults: [],
  ...changes,
});

describe('the switch between pooling and Flatten', () => {
  it('is of layers that make a vector of feature maps', () => {
    expect(toVector(layer({}))).toBe('pool');
    expect(toVector(layer({ kind: 'GlobalMaxPooling2D' }))).toBe('pool');
    expect(toVector(layer({ kind: 'Flatten' }))).toBe('flatten');
    expect(toVector(layer({ config: { keepdims: true } }))).toBeUndefined();
    expect(toVector(layer({ kind: 'MaxPooling2D' }))).toBeUndefined();
    expect(toVector(layer({ kind: 'Flatten', inputShapes: [[null, 512]] }))).toBeUndefined();
    // A shared layer has several.
    const maps = [null, 7, 7, 512];
    expect(toVector(layer({ inputShapes: [maps, maps] }))).toBeUndefined();
    expect(toVector(layer({ inputShapes: [null] }))).toBeUndefined();
  });

  it('keeps the name and the order of the axes', () => {
    expect(otherWay(layer({}))).toEqual({ op: 'replace', layer: 'gap', with: { kind: 'Flatten' } });
    expect(otherWay(layer({ kind: 'Flatten', config: { data_format: 'channels_first' } }))).toEqual({
      op: 'replace',
      layer: 'gap',
      with: { kind: 'GlobalAveragePooling2D', config: { data_format: 'channels_first' } },
    });
    expect(otherWay(layer({ kind: 'ReLU' }))).toBeUndefined();
  });

  it('counts what follows, and names what begins anew', () => {
    const head = [layer({ name: 'fc', params: 262_656 }), layer({ name: 'side', params: 10 })];
    const changed = [
      layer({ name: 'fc', params: 12_845_568 }),
      layer({ name: 'drop', outputShape: [null, 25_088] }),
    ];
    const preview = { added: [], removed: [], changed, faults: [] };
    expect(switched(head, preview)).toEqual({ params: 12_845_578, anew: ['fc'] });
    expect(switched(head, { ...preview, changed: [] })).toEqual({ params: 262_666, anew: [] });
  });
});
