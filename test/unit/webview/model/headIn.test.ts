import { describe, expect, it } from 'vitest';
import type { HeadOptions } from '../../../../src/core/surgery/head';
import { headLayers } from '../../../../src/core/surgery/head';
import { headIn } from '../../../../webview/editor/model/headIn';

const head: HeadOptions = {
  pooling: 'average',
  hiddenUnits: [64, 32],
  dropout: 0.3,
  classes: 5,
  activation: 'softmax',
};

describe('the head that a chain of layers is', () => {
  it.each<[string, HeadOptions, 1 | 2 | 3]>([
    ['with hidden layers', head, 2],
    ['over steps', { ...head, pooling: 'max' }, 1],
    ['over volumes, without hidden layers', { ...head, hiddenUnits: [] }, 3],
    ['of every value', { ...head, pooling: 'flatten', dropout: 0 }, 2],
    ['alone', { ...head, pooling: 'none', hiddenUnits: [], dropout: 0, activation: 'linear' }, 2],
  ])('%s is found again', (_, options, axes) => {
    expect(headIn(headLayers(options, axes))).toEqual(options);
  });

  it('is none where the form could not say the chain', () => {
    expect(
      headIn([{ kind: 'Dense', name: 'head', config: { units: 3, activation: 'softmax' } }]),
    ).toBeUndefined();
    expect(headIn([{ kind: 'Dense', config: { units: 3, activation: 'relu' } }])).toBeUndefined();
    expect(
      headIn([{ kind: 'Dense', config: { units: 3, activation: 'softmax', use_bias: false } }]),
    ).toBeUndefined();
    expect(headIn([...headLayers(head), { kind: 'ReLU' }])).toBeUndefined();
    expect(headIn([{ kind: 'Flatten' }])).toBeUndefined();
  });
});
