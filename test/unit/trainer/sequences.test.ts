import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer, LayerConfig, LayerGraph } from '../../../src/core/graph/layerGraph';
import { kindNamed } from '../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../src/core/layers/config';
import { initialValues } from '../../../src/core/initializers/initialValues';
import { openEngine } from '../../../src/trainer/engines/engine';
import { compile } from '../../../src/trainer/program/program';
import { computeLayer, computeOutputs } from '../../support/computeLayer';

const lstm = (more: LayerConfig = {}) => ({ units: 3, ...more });
const lstmWeights = () => ({
  kernel: tf.randomNormal([4, 12], 0, 1, 'float32', 1),
  recurrent_kernel: tf.randomNormal([3, 12], 0, 1, 'float32', 2),
  bias: tf.randomNormal([12], 0, 1, 'float32', 3),
});

describe('layers of sequences', () => {
  beforeAll(() => openEngine('wasm'));

  it('adds up the gradient of a row that is read twice', () => {
    const ids = tf.tensor2d([
      [1, 3],
      [1, 0],
    ]);
    const weigh = (embeddings: tf.Tensor) =>
      tf.sum(computeLayer('Embedding', { input_dim: 4, output_dim: 2 }, [ids], { embeddings }, 'training'));
    const gradient = tf.grad(weigh as (x: tf.Tensor) => tf.Tensor)(tf.zeros([4, 2]));
    expect([...gradient.dataSync()]).toEqual([1, 1, 2, 2, 0, 0, 1, 1]);
  });

  it('drops the same in every run of a seed, and nothing in inference', () => {
    const x = tf.randomNormal([2, 5, 4], 0, 1, 'float32', 4);
    const run = (config: LayerConfig, mode: 'inference' | 'training') => [
      ...computeLayer('LSTM', config, [x], lstmWeights(), mode).dataSync(),
    ];
    const plain = run(lstm(), 'inference');
    for (const rates of [
      { dropout: 0.5 },
      { recurrent_dropout: 0.5 },
      { dropout: 0.3, recurrent_dropout: 0.4 },
    ]) {
      expect(run(lstm(rates), 'inference')).toEqual(plain);
      expect(run(lstm(rates), 'training')).toEqual(run(lstm(rates), 'training'));
      expect(run(lstm(rates), 'training')).not.toEqual(plain);
    }
  });

  it('gives the states beside the output', () => {
    const x = tf.randomNormal([2, 5, 4], 0, 1, 'float32', 4);
    const outputs = computeOutputs('LSTM', lstm({ return_state: true }), [x], lstmWeights(), 'inference');
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect([...outputs[1].dataSync()]).toEqual([...outputs[0].dataSync()]);
  });

  it('starts an LSTM with ones for its forget gate', () => {
    const [, , bias] = kindNamed('LSTM')!.weights(normalizeConfig(kindNamed('LSTM')!, lstm()), [
      [null, 5, 4],
    ]);
    expect([...initialValues(bias.initializer, bias.shape, 1)]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('refuses a mask where it would change what is not computed', () => {
    const after =
      (kind: string, config: LayerConfig = {}) =>
      () =>
        compile(chain(['Embedding', { input_dim: 5, output_dim: 3, mask_zero: true }], [kind, config]));
    expect(after('BatchNormalization')).toThrow(/mask on its input/);
    expect(after('Softmax')).toThrow(/mask on its input/);
    expect(after('TimeDistributed', { layer: { kind: 'Softmax', config: {} } })).toThrow(/mask on its input/);
    expect(after('LSTM', lstm())).not.toThrow();
    expect(after('Flatten')).not.toThrow();
  });
});

function chain(...layers: readonly (readonly [kind: string, config: LayerConfig])[]): LayerGraph {
  const kinds = [['InputLayer', { batch_shape: [null, 6] }] as const, ...layers];
  const made = kinds.map(([kind, config], index): Layer => {
    const before = { layer: `${index - 1}`, call: 0, output: 0 };
    return {
      id: `${index}`,
      name: `${kind}_${index}`,
      kind,
      config: normalizeConfig(kindNamed(kind)!, config),
      calls: [{ inputs: index === 0 ? [] : [before] }],
      weights: [],
      trainable: true,
      group: [],
    };
  });
  return {
    name: 'chain',
    layers: made,
    inputs: [{ layer: '0', call: 0, output: 0 }],
    outputs: [{ layer: `${kinds.length - 1}`, call: 0, output: 0 }],
  };
}
