import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer, LayerConfig, LayerGraph } from '../../../src/core/graph/layerGraph';
import { kindNamed } from '../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../src/core/layers/config';
import { initialValues } from '../../../src/core/initializers/initialValues';
import { openEngine } from '../../../src/trainer/engines/engine';
import { Executor } from '../../../src/trainer/executor';
import { forwardOf } from '../../../src/trainer/layers/registry';
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

  it('names the layer and the row where an id is outside of its table', async () => {
    const graph = chain(['Embedding', { input_dim: 5, output_dim: 3 }]);
    const table = { name: 'embeddings', shape: [5, 3], dtype: 'float32', role: 'parameter' } as const;
    const source = { from: 'initializer', initializer: { kind: 'Ones', config: {} }, seed: 1 } as const;
    const layers = graph.layers.map((layer) =>
      layer.kind === 'Embedding' ? { ...layer, weights: [{ ...table, source }] } : layer,
    );
    const executor = await Executor.create({ ...graph, layers }, async () => new Float32Array(15));
    const feed = (id: number) =>
      executor.predict([{ shape: [1, 6], data: Float32Array.of(0, 1, 2, 3, 4, id) }]);
    await expect(feed(4)).resolves.toHaveLength(1);
    for (const id of [5, -1]) {
      const refusal = { kind: 'input', code: 'ID_RANGE', layer: 'Embedding_1' };
      await expect(feed(id)).rejects.toMatchObject(refusal);
      await expect(feed(id)).rejects.toThrow(`found the id ${id}, expected 0 to 4`);
    }
    executor.dispose();
  });

  it('goes on in a stateful layer where the batch before ended', async () => {
    const config = lstm({ stateful: true, return_sequences: true });
    const graph = chain(['RepeatVector', { n: 2 }], ['LSTM', config]);
    const values: Readonly<Record<string, tf.Tensor>> = { ...lstmWeights(), kernel: tf.ones([6, 12]) };
    const weights = Object.entries(values).map(([name, { shape }]) => ({
      name,
      shape,
      dtype: 'float32' as const,
      role: 'parameter' as const,
      source: { from: 'initializer', initializer: { kind: 'Ones', config: {} }, seed: 1 } as const,
    }));
    const layers = graph.layers.map((layer) => (layer.kind === 'LSTM' ? { ...layer, weights } : layer));
    const executorOf = () =>
      Executor.create({ ...graph, layers }, async (_, { name }) => values[name].dataSync() as Float32Array);
    const batch = (size: number) => ({
      shape: [size, 6],
      data: Float32Array.from({ length: size * 6 }, (_, index) => index / 40),
    });

    const executor = await executorOf();
    const before = tf.memory().numTensors;
    const [first] = await executor.predict([batch(2)]);
    const [second] = await executor.predict([batch(2)]);
    // Its two states.
    expect(tf.memory().numTensors).toBe(before + 2);
    const x = tf.tensor(batch(2).data, [2, 1, 6]);
    const [whole] = computeOutputs(
      'LSTM',
      lstm({ return_sequences: true }),
      [tf.tile(x, [1, 4, 1])],
      values,
      'inference',
    );
    const expected = tf.concat([tf.tensor(first.data, [2, 2, 3]), tf.tensor(second.data, [2, 2, 3])], 1);
    expect(tf.max(tf.abs(tf.sub(whole, expected))).dataSync()[0]).toBeLessThan(1e-6);

    const other = executor.predict([batch(3)]);
    await expect(other).rejects.toMatchObject({ code: 'BATCH_SIZE', layer: 'LSTM_2' });
    executor.dispose();
    const again = await executorOf();
    expect((await again.predict([batch(2)]))[0].data).toEqual(first.data);
    again.dispose();
  });

  it('cannot be trained with states that go on, not even inside another', () => {
    const refusal = (kind: string, config: LayerConfig) =>
      forwardOf(kind)!.refusesTraining(normalizeConfig(kindNamed(kind)!, config));
    const stateful = { kind: 'LSTM', config: lstm({ stateful: true }) };
    const shrinking = {
      kind: 'SpectralNormalization',
      config: { layer: { kind: 'Dense', config: { units: 2 } } },
    };
    expect(refusal('LSTM', lstm())).toBeUndefined();
    expect(refusal('LSTM', stateful.config)).toMatch(/stateful/);
    expect(refusal('Bidirectional', { layer: stateful })).toMatch(/stateful/);
    expect(refusal('TimeDistributed', { layer: stateful })).toMatch(/stateful/);
    expect(refusal('RNN', { cell: { kind: 'GRUCell', config: { units: 2 } }, stateful: true })).toMatch(
      /stateful/,
    );
    expect(refusal('SpectralNormalization', shrinking.config)).toBeUndefined();
    expect(refusal('TimeDistributed', { layer: shrinking })).toMatch(/every step/);
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
