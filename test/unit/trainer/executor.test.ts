import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Layer, LayerGraph, WeightRef } from '../../../src/core/graph/layerGraph';
import { optimizerSchema } from '../../../src/core/plan/optimizer';
import { openEngine } from '../../../src/trainer/engines/engine';
import { Executor, type PhaseOptions, type Tensorlike } from '../../../src/trainer/executor';
import { randomStream } from '../../../src/trainer/layers/random';
import { chain, GraphBuilder } from '../support/graphs';

const CLASSES = 3;
const BATCH = 4;

/** Two blocks of a small conv net; the first one is what tests freeze. */
function smallNet({ dropout = 0 } = {}): LayerGraph {
  const build = new GraphBuilder();
  let x = build.input([null, 8, 8, 2]);
  x = build.add({ kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: 3, use_bias: false } }, x);
  x = build.add({ kind: 'BatchNormalization', name: 'bn' }, x);
  x = build.add({ kind: 'ReLU', name: 'relu' }, x);
  const branch = build.add(
    { kind: 'DepthwiseConv2D', name: 'depthwise', config: { kernel_size: 3, padding: 'same' } },
    x,
  );
  x = build.add({ kind: 'Add', name: 'add' }, x, branch);
  x = build.add({ kind: 'BatchNormalization', name: 'bn_2' }, x);
  x = build.add({ kind: 'MaxPooling2D', name: 'pool' }, x);
  x = build.add({ kind: 'Flatten', name: 'flatten' }, x);
  x = build.add({ kind: 'Dropout', name: 'dropout', config: { rate: dropout } }, x);
  x = build.add({ kind: 'Dense', name: 'scores', config: { units: CLASSES, activation: 'softmax' } }, x);
  return build.outputs(x);
}

async function read(layer: Layer, weight: WeightRef): Promise<Float32Array> {
  const random = randomStream(...[...`${layer.name}/${weight.name}`].map((letter) => letter.charCodeAt(0)));
  const spread = weight.name === 'moving_variance' ? () => 1 + random.uniform() : () => random.normal() / 3;
  return Float32Array.from({ length: tf.util.sizeFromShape([...weight.shape]) }, spread);
}

const random = randomStream(42);
const input: Tensorlike = {
  data: Float32Array.from({ length: BATCH * 8 * 8 * 2 }, () => random.normal()),
  shape: [BATCH, 8, 8, 2],
};
const labels = Int32Array.of(0, 1, 2, 1);

const optionsOf = (
  graph: LayerGraph,
  options: Partial<PhaseOptions> & { frozen?: readonly string[] } = {},
): PhaseOptions => ({
  trainable: new Set(graph.layers.filter(({ name }) => !options.frozen?.includes(name)).map(({ id }) => id)),
  optimizer: { kind: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  batchNorm: 'train',
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy', 'top5'],
  seed: 3,
  ...options,
});

describe('Executor', () => {
  let executor: Executor | undefined;
  beforeAll(() => openEngine('wasm'));
  afterEach(() => {
    executor?.dispose();
    executor = undefined;
    expect(tf.memory().numTensors).toBe(0);
  });

  const create = async (graph: LayerGraph) => (executor = await Executor.create(graph, read));

  const everyWeight = async (graph: LayerGraph, of: Executor) => {
    const all: Record<string, Float32Array> = {};
    for (const layer of graph.layers) {
      for (const { name } of layer.weights) all[`${layer.name}/${name}`] = await of.weight(layer.name, name);
    }
    return all;
  };

  it('learns a batch by heart', async () => {
    const graph = smallNet();
    const net = await create(graph);
    net.beginPhase(optionsOf(graph));
    const first = await net.trainStep([input], labels);
    for (let step = 0; step < 40; step++) await net.trainStep([input], labels);
    const last = await net.trainStep([input], labels);
    expect(first.samples).toBe(BATCH);
    expect(last.sums.loss).toBeLessThan(first.sums.loss / 10);
    expect(last.sums).toMatchObject({ accuracy: BATCH, top5: BATCH });
  });

  it.each([
    { kind: 'sgd', momentum: 0.9, nesterov: true, clipNorm: 1 },
    { kind: 'rmsprop', momentum: 0.9, centered: true, globalClipNorm: 1 },
    { kind: 'adam', clipValue: 0.1 },
    { kind: 'adamw', amsgrad: true },
  ])('keeps its memory flat with %j', async (words) => {
    const graph = smallNet({ dropout: 0.3 });
    const net = await create(graph);
    const optimizer = optimizerSchema.parse(words);
    net.beginPhase(optionsOf(graph, { frozen: ['conv', 'bn'], optimizer, metrics: ['accuracy', 'auc'] }));
    await net.trainStep([input], labels);
    const { numTensors, numBytes } = tf.memory();
    for (let step = 0; step < 5; step++) {
      await net.trainStep([input], labels);
      await net.evaluate([input], labels);
      await net.predict([input]);
      expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    }
  });

  it('leaves every byte of a frozen layer, and moves the others', async () => {
    const graph = smallNet();
    const net = await create(graph);
    const frozen = ['conv', 'bn', 'depthwise'];
    const before = await everyWeight(graph, net);
    net.beginPhase(optionsOf(graph, { frozen }));
    for (let step = 0; step < 3; step++) await net.trainStep([input], labels);
    const after = await everyWeight(graph, net);
    for (const [name, values] of Object.entries(after)) {
      const stays = frozen.includes(name.split('/')[0]);
      expect(Buffer.from(values.buffer).equals(Buffer.from(before[name].buffer)), name).toBe(stays);
    }
  });

  it('keeps the statistics of a trainable BatchNormalization when the plan says inference', async () => {
    const graph = smallNet();
    const net = await create(graph);
    const before = await everyWeight(graph, net);
    net.beginPhase(optionsOf(graph, { batchNorm: 'inference' }));
    await net.trainStep([input], labels);
    const after = await everyWeight(graph, net);
    expect(after['bn/moving_mean']).toEqual(before['bn/moving_mean']);
    expect(after['bn/moving_variance']).toEqual(before['bn/moving_variance']);
    expect(after['bn/gamma']).not.toEqual(before['bn/gamma']);
  });

  it('drops the same units for the same seed', async () => {
    const graph = smallNet({ dropout: 0.5 });
    const losses = async (seed: number) => {
      const net = await Executor.create(graph, read);
      net.beginPhase(optionsOf(graph, { seed }));
      const results = [];
      for (let step = 0; step < 3; step++) results.push((await net.trainStep([input], labels)).sums.loss);
      net.dispose();
      return results;
    };
    const first = await losses(3);
    expect(await losses(3)).toEqual(first);
    expect(await losses(4)).not.toEqual(first);
  });

  describe('continues to the byte', () => {
    const steps = async (net: Executor, count: number) => {
      const losses = [];
      for (let step = 0; step < count; step++) losses.push((await net.trainStep([input], labels)).sums.loss);
      return losses;
    };
    const momentum = { kind: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true } as const;

    it.each([{}, { optimizer: momentum }])(
      'in another executor, from the state of the optimizer',
      async (own) => {
        const graph = smallNet({ dropout: 0.5 });
        const net = await create(graph);
        net.beginPhase(optionsOf(graph, own));
        await steps(net, 3);
        net.learningRate = 0.003;
        const state = await net.optimizerState();
        const kept = await everyWeight(graph, net);
        const losses = await steps(net, 3);

        const other = await Executor.create(
          graph,
          async ({ name }, weight) => kept[`${name}/${weight.name}`],
        );
        other.beginPhase(optionsOf(graph, own));
        other.restoreOptimizer(state);
        expect(other.learningRate).toBe(0.003);
        expect(await steps(other, 3)).toEqual(losses);
        expect(await everyWeight(graph, other)).toEqual(await everyWeight(graph, net));
        other.dispose();
      },
    );

    it('from a snapshot of its weights, as often as one likes', async () => {
      const graph = smallNet();
      const net = await create(graph);
      net.beginPhase(optionsOf(graph));
      const before = await everyWeight(graph, net);
      const weights = net.snapshot();
      const losses = await steps(net, 2);
      for (let round = 0; round < 2; round++) {
        net.restore(weights);
        expect(await everyWeight(graph, net)).toEqual(before);
        net.beginPhase(optionsOf(graph));
        expect(await steps(net, 2)).toEqual(losses);
      }
      weights.dispose();
    });

    it('but not with another rate', async () => {
      const graph = smallNet();
      const net = await create(graph);
      const weights = net.snapshot();
      net.beginPhase(optionsOf(graph));
      const losses = await steps(net, 2);
      net.restore(weights);
      net.beginPhase(optionsOf(graph));
      net.learningRate /= 2;
      const [first, second] = await steps(net, 2);
      weights.dispose();
      expect(first).toBe(losses[0]);
      expect(second).not.toBe(losses[1]);
    });
  });

  it('predicts what it is scored on, a softmax', async () => {
    const graph = smallNet();
    const net = await create(graph);
    net.beginPhase(optionsOf(graph));
    const [{ data, shape }] = await net.predict([input]);
    const { sums } = await net.evaluate([input], labels);
    const loss = labels.reduce((sum, label, row) => sum - Math.log(data[row * CLASSES + label]), 0);
    expect(shape).toEqual([BATCH, CLASSES]);
    expect(sums.loss).toBeCloseTo(loss, 4);
  });

  it('takes the loss of an output without a softmax as Keras does: clipped and normalized', async () => {
    const build = new GraphBuilder();
    const scores = build.add({ kind: 'Identity', name: 'scores' }, build.input([null, 3]));
    const graph = build.outputs(build.add({ kind: 'Dense', name: 'dense', config: { units: 3 } }, scores));
    const identity = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const net = await Executor.create(graph, async (_layer, { name }) =>
      name === 'kernel' ? identity : new Float32Array(3),
    );
    net.beginPhase(optionsOf(graph));
    const fed = { data: Float32Array.of(0.5, 0.25, 0.75, -1, 0.5, 2), shape: [2, 3] };
    const { sums } = await net.evaluate([fed], Int32Array.of(0, 1));
    net.dispose();
    const clipped = [1e-7, 0.5, 1 - 1e-7];
    const expected = -Math.log(0.5 / 1.5) - Math.log(0.5 / clipped.reduce((a, b) => a + b));
    expect(sums.loss).toBeCloseTo(expected, 5);
  });

  it('shares the weights of a layer that is called twice', async () => {
    const build = new GraphBuilder();
    const a = build.input([null, 4], 'a');
    const b = build.input([null, 4], 'b');
    const first = build.add({ kind: 'Dense', name: 'twin', config: { units: 4 } }, a);
    const joined = build.add('Concatenate', first, build.call(first, b));
    const head = { kind: 'Dense', name: 'end', config: { units: 2, activation: 'softmax' } };
    const graph = build.outputs(build.add(head, joined));
    const net = await create(graph);
    net.beginPhase(optionsOf(graph));
    const before = await net.weight('twin', 'kernel');
    const fed = (start: number) => ({
      data: Float32Array.from({ length: 8 }, (_, i) => Math.sin(start + i)),
      shape: [2, 4],
    });
    const { sums } = await net.trainStep([fed(0), fed(9)], Int32Array.of(0, 1));
    expect(Number.isFinite(sums.loss)).toBe(true);
    expect(await net.weight('twin', 'kernel')).not.toEqual(before);
  });

  it('returns a loss that is not a number, for its caller to judge', async () => {
    const graph = smallNet();
    const net = await create(graph);
    net.beginPhase(optionsOf(graph));
    const broken = { ...input, data: input.data.map(() => NaN) };
    const { sums } = await net.trainStep([broken], labels);
    expect(sums).toEqual({ loss: NaN, accuracy: 0, top5: 0 });
  });

  describe('refuses', () => {
    it('an opaque layer, by name', async () => {
      const build = new GraphBuilder();
      const x = build.add(
        { kind: 'Capsule', name: 'odd', opaque: 'nobody knows it' },
        build.input([null, 4]),
      );
      await expect(Executor.create(build.outputs(x), read)).rejects.toMatchObject({
        kind: 'input',
        code: 'LAYER_CANNOT_TRAIN',
        layer: 'odd',
      });
    });

    it('a phase with nothing to train', async () => {
      const graph = smallNet();
      const net = await create(graph);
      expect(() => net.beginPhase(optionsOf(graph, { trainable: new Set() }))).toThrow(
        expect.objectContaining({ code: 'NOTHING_TRAINABLE' }),
      );
    });

    it('a constraint on a weight that it would train', async () => {
      const graph = smallNet();
      const constrained = {
        ...graph,
        layers: graph.layers.map((layer) =>
          layer.name === 'conv'
            ? { ...layer, config: { ...layer.config, kernel_constraint: { kind: 'NonNeg', config: {} } } }
            : layer,
        ),
      };
      const net = await create(constrained);
      expect(() => net.beginPhase(optionsOf(constrained))).toThrow(/kernel_constraint/);
      net.beginPhase(optionsOf(constrained, { frozen: ['conv'] }));
    });

    it.each<readonly [PhaseOptions['loss'], string, RegExp]>([
      ['binaryCrossentropy', 'softmax', /a softmax at its end, expected a sigmoid; or take "categorical/],
      ['categoricalCrossentropy', 'sigmoid', /a sigmoid at its end, expected a softmax; or take "binary/],
    ])('%s of a %s', async (loss, activation, message) => {
      const graph = chain([null, 4], { kind: 'Dense', config: { units: 3, activation } });
      const net = await create(graph);
      const failure = { code: 'LOSS_HEAD', message: expect.stringMatching(message) as string };
      expect(() => net.beginPhase(optionsOf(graph, { loss, metrics: [] }))).toThrow(
        expect.objectContaining(failure),
      );
    });

    it('one unit for classes, and logits that are none', async () => {
      const one = chain([null, 4], { kind: 'Dense', config: { units: 1 } });
      const failure = expect.objectContaining({ code: 'LOSS_HEAD' }) as Error;
      const net = await Executor.create(one, read);
      expect(() => net.beginPhase(optionsOf(one))).toThrow(failure);
      net.dispose();
      const graph = smallNet();
      const other = await create(graph);
      expect(() => other.beginPhase(optionsOf(graph, { fromLogits: true }))).toThrow(failure);
    });

    it('labels that the model has no output for', async () => {
      const graph = smallNet();
      const net = await create(graph);
      net.beginPhase(optionsOf(graph));
      await expect(net.trainStep([input], Int32Array.of(0, 1, 2, 3))).rejects.toMatchObject({
        code: 'LABEL_RANGE',
      });
    });

    it('an output that is not one score a class', async () => {
      const graph = chain([null, 4, 4, 2], { kind: 'Conv2D', config: { filters: 3, kernel_size: 1 } });
      const net = await create(graph);
      expect(() => net.beginPhase(optionsOf(graph))).toThrow(
        expect.objectContaining({ code: 'OUTPUT_SHAPE' }),
      );
    });

    it('inputs of another shape', async () => {
      const graph = smallNet();
      const net = await create(graph);
      const small = { data: new Float32Array(2 * 4 * 4 * 2), shape: [2, 4, 4, 2] };
      await expect(net.predict([small])).rejects.toMatchObject({ code: 'INPUT_SHAPE' });
      await expect(net.predict([])).rejects.toMatchObject({ code: 'INPUT_SHAPE' });
    });
  });
});
