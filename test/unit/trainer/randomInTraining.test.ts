import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEngine } from '../../../src/trainer/engines/engine';
import { Executor } from '../../../src/trainer/executor';
import { isRandom } from '../../../src/trainer/layers/registry';
import { computeLayer } from '../../support/computeLayer';
import { chain, type LayerSketch } from '../support/graphs';

const normal = (shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', 5);

function train(kind: string, config: object, x: tf.Tensor): Float32Array {
  return computeLayer(kind, config, [x], {}, 'training').dataSync<'float32'>();
}

function meanAndDeviation(values: ArrayLike<number>) {
  const { length } = values;
  const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / length;
  const square = Array.from(values).reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
  return { mean, deviation: Math.sqrt(square) };
}

describe('layers that are random in training', () => {
  beforeAll(() => openEngine('wasm'));

  it('AlphaDropout keeps mean and variance', () => {
    const { mean, deviation } = meanAndDeviation(train('AlphaDropout', { rate: 0.3 }, normal([200, 300])));
    expect(mean).toBeCloseTo(0, 1);
    expect(deviation).toBeCloseTo(1, 1);
  });

  it.each([
    ['SpatialDropout1D', [8, 5, 6], 48],
    ['SpatialDropout3D', [4, 3, 3, 2, 6], 24],
    ['StochasticDepth', [64, 3, 4], 64],
  ])('%s drops or doubles wholes', (kind, shape, wholes) => {
    const config = kind === 'StochasticDepth' ? { drop_path_rate: 0.5 } : { rate: 0.5 };
    const values = train(kind, config, tf.ones(shape));
    const size = values.length / wholes;
    const kept = values.filter((value) => value === 2).length;
    expect(values.every((value) => value === 0 || value === 2)).toBe(true);
    expect(kept % size).toBe(0);
    expect(Math.abs(kept / values.length - 0.5)).toBeLessThan(0.25);
  });

  it.each([
    ['horizontal', [2, 1, 4, 3]],
    ['vertical', [3, 4, 1, 2]],
    ['horizontal_and_vertical', [4, 3, 2, 1]],
  ])('RandomFlip flips %s or leaves an image alone', (mode, flipped) => {
    const x = tf.tile(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), [32, 1, 1, 1]);
    const values = train('RandomFlip', { mode }, x);
    const images = Array.from({ length: 32 }, (_, image) => [...values.slice(image * 4, image * 4 + 4)]);
    const turned = images.filter((image) => image.join() === flipped.join());
    const same = images.filter((image) => image.join() === '1,2,3,4');
    expect(turned.length + same.length).toBe(32);
    expect(Math.min(turned.length, same.length)).toBeGreaterThan(4);
  });

  it('RandomBrightness shifts an image by a share of the range, within it', () => {
    const values = train('RandomBrightness', { factor: [0.1, 0.2] }, tf.fill([4, 1, 1, 1], 100));
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(125.5);
      expect(value).toBeLessThanOrEqual(151);
    }
    expect([...train('RandomBrightness', { factor: [1, 1] }, tf.fill([1, 1, 1, 1], 100))]).toEqual([255]);
  });

  it('RandomContrast spreads an image about its mean', () => {
    const x = tf.tensor4d([90, 110], [1, 1, 2, 1]);
    const [dark = NaN, light = NaN] = train('RandomContrast', { factor: 0.5 }, x);
    expect(dark + light).toBeCloseTo(200, 3);
    expect(light - dark).toBeGreaterThanOrEqual(10);
    expect(light - dark).toBeLessThanOrEqual(30);
    expect(light - dark).not.toBeCloseTo(20, 3);
  });

  it('ActivityRegularization trains, and is refused inside another layer', async () => {
    const adds = { kind: 'ActivityRegularization', name: 'odd', config: { l2: 0.1 } };
    expect(await beginning(adds)).not.toThrow();
    const begin = await beginning({ kind: 'TimeDistributed', name: 'odd', config: { layer: adds } });
    expect(begin).toThrow('adds what it puts out to the loss');
    expect(begin).toThrow(expect.objectContaining({ code: 'LAYER_CANNOT_TRAIN', layer: 'odd' }));
  });

  it.each(['RandomPosterization', 'Equalization', 'RandAugment', 'AugMix'])(
    '%s is trained behind and refused behind what is to be trained',
    async (kind) => {
      const config = kind === 'RandomPosterization' ? { factor: 3 } : {};
      const odd = { kind, name: 'odd', config };
      const conv = { kind: 'Conv2D', name: 'conv', config: { filters: 1, kernel_size: 1 } };
      expect(await beginning(odd)).not.toThrow();
      expect(await beginning(odd, conv)).not.toThrow();
      const behind = await beginning(conv, odd);
      expect(behind).toThrow('lets no gradient through');
      expect(behind).toThrow(expect.objectContaining({ code: 'LAYER_CANNOT_TRAIN', layer: 'odd' }));
    },
  );

  it('a layer that stops gradients is trained behind where all before it is frozen', async () => {
    const conv = { kind: 'Conv2D', name: 'conv', config: { filters: 1, kernel_size: 1 }, trainable: false };
    expect(await beginning(conv, { kind: 'Equalization', name: 'odd' })).not.toThrow();
  });

  it('every augmentation ends the prefix', () => {
    for (const kind of [
      'RandomFlip',
      'RandomZoom',
      'RandomCrop',
      'Equalization',
      'AlphaDropout',
      'StochasticDepth',
    ]) {
      expect(isRandom(kind, {}), kind).toBe(true);
    }
    expect(isRandom('Resizing', {})).toBe(false);
  });
});

/** Opens a phase of a model that begins with these layers, all of which that may be trained are. */
async function beginning(...layers: readonly LayerSketch[]): Promise<() => void> {
  const graph = chain(
    [null, 4, 4, 1],
    ...layers,
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'scores', config: { units: 2, activation: 'softmax' } },
  );
  const executor = await Executor.create(graph, (_layer, { shape }) =>
    Promise.resolve(new Float32Array(tf.util.sizeFromShape([...shape]))),
  );
  const [output] = await executor.predict([{ data: new Float32Array(16), shape: [1, 4, 4, 1] }]);
  expect([...(output?.data ?? [])]).toEqual([0.5, 0.5]);
  onTestFinished(() => executor.dispose());
  const trained = graph.layers.filter(({ trainable }) => trainable);
  return () =>
    executor.beginPhase({
      trainable: new Set(trained.map(({ id }) => id)),
      optimizer: { kind: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false },
      batchNorm: 'train',
      loss: 'sparseCategoricalCrossentropy',
      metrics: [],
      seed: 1,
    });
}
