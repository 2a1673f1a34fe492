import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { kindNamed } from '../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../src/core/layers/config';
import { Failure } from '../../../src/core/failure';
import { openEngine } from '../../../src/trainer/engines/engine';
import { imageTransforms } from '../../../src/trainer/layers/augmentation';
import { forwardOf } from '../../../src/trainer/layers/registry';
import { randomStream } from '../../../src/trainer/layers/random';
import { project, warp } from '../../../src/trainer/layers/warp';
import { computeLayer } from '../../support/computeLayer';

/** What cannot be left out, and jitter of everything. */
const CONFIGS: Readonly<Record<string, object>> = {
  RandomRotation: { factor: 0.3 },
  RandomTranslation: { height_factor: 0.3, width_factor: [-0.1, 0.2] },
  RandomZoom: { height_factor: [-0.3, 0.2] },
  RandomShear: { x_factor: 0.3 },
  RandomBrightness: { factor: 0.3 },
  RandomContrast: { factor: 0.3 },
  RandomHue: { factor: 0.3 },
  RandomSaturation: { factor: 0.3 },
  RandomColorDegeneration: { factor: 0.3 },
  RandomSharpness: { factor: 0.3 },
  RandomPosterization: { factor: 5 },
  RandomCrop: { height: 5, width: 6 },
  Solarization: { addition_factor: 0.2, threshold_factor: 0.6 },
  RandomColorJitter: {
    brightness_factor: 0.2,
    contrast_factor: 0.2,
    saturation_factor: 0.3,
    hue_factor: 0.1,
  },
};

const configOf = (kind: string) => normalizeConfig(kindNamed(kind)!, CONFIGS[kind] ?? {});
const KINDS = imageTransforms.map(({ kind }) => kind);
const images = () => tf.randomUniform([4, 8, 9, 3], 0, 255, 'float32', 3) as tf.Tensor4D;

function drawn(kind: string, config: object, count: number, seed = 1): unknown {
  const transform = imageTransforms.find((one) => one.kind === kind)!;
  return transform.draw(normalizeConfig(kindNamed(kind)!, config), [count, 8, 10, 3], randomStream(seed));
}

describe('image layers in training', () => {
  beforeAll(() => openEngine('wasm'));

  it.each(KINDS)(
    '%s changes images, the same way for the same seed, and passes them on otherwise',
    (kind) => {
      const transform = imageTransforms.find((one) => one.kind === kind)!;
      const config = configOf(kind);
      tf.tidy(() => {
        const x = images();
        const make = (seed: number) =>
          transform.apply(x, transform.draw(config, x.shape, randomStream(seed)), config).dataSync();
        const [first, again, other] = [make(5), make(5), make(6)];
        expect(first.every(Number.isFinite)).toBe(true);
        expect(first).toEqual(again);
        expect([first, other]).not.toEqual([x.dataSync(), x.dataSync()]);
        expect(first).not.toEqual(other);
        expect(computeLayer(kind, config, [x], {}, 'inference')).toBe(x);
      });
      expect(forwardOf(kind)!.refusesTraining(config)).toBeUndefined();
    },
  );

  it.each([...KINDS.filter((kind) => !forwardOf(kind)!.stopsGradient), 'AutoContrast'])(
    '%s lets gradients through',
    (kind) => {
      const config = configOf(kind);
      tf.tidy(() => {
        const gradient = tf.grad((x) => tf.sum(tf.square(computeLayer(kind, config, [x], {}, 'training'))));
        const values = gradient(images()).dataSync();
        expect(values.every(Number.isFinite)).toBe(true);
        expect(values.some((value) => value !== 0)).toBe(true);
      });
    },
  );

  it.each(['bilinear', 'nearest'] as const)(
    'gradients of a %s warp are those of the same sums',
    (interpolation) => {
      tf.tidy(() => {
        const shape = [2, 5, 6, 2] as const;
        const projections = [
          [0.9, -0.3, 1.2, 0.2, 1.1, -0.7, 0.01, -0.02],
          [1, 0.5, -1, -0.4, 0.8, 2, 0, 0],
        ];
        const taps = project(shape, projections, { interpolation, fillMode: 'reflect', fillValue: 0 });
        const x = tf.randomNormal([...shape], 0, 1, 'float32', 1) as tf.Tensor4D;
        const y = tf.randomNormal([...shape], 0, 1, 'float32', 2);
        const forth = tf.sum(tf.mul(warp(x, taps), y)).dataSync()[0]!;
        const back = tf.grad((image: tf.Tensor) => tf.sum(tf.mul(warp(image as tf.Tensor4D, taps), y)))(x);
        expect(tf.sum(tf.mul(back, x)).dataSync()[0]).toBeCloseTo(forth, 4);
      });
    },
  );

  it('RandomCrop cuts one place out of all images of a batch', () => {
    tf.tidy(() => {
      const x = images();
      const y = computeLayer('RandomCrop', configOf('RandomCrop'), [x], {}, 'training');
      expect(y.shape).toEqual([4, 5, 6, 3]);
      const places = new Set<string>();
      for (let seed = 0; seed < 200; seed++) {
        places.add(String(drawn('RandomCrop', { height: 5, width: 6 }, 4, seed)));
      }
      // Four rows and five columns to begin at.
      expect(places.size).toBe(20);
    });
  });

  it('draws from the ranges that are configured', () => {
    const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
    const near = (values: readonly number[], low: number, high: number) => {
      const [least, most] = range(values);
      const slack = (high - low) / 50;
      expect(least).toBeGreaterThanOrEqual(low);
      expect(least).toBeLessThan(low + slack);
      expect(most).toBeLessThanOrEqual(high);
      expect(most).toBeGreaterThan(high - slack);
    };
    near(drawn('RandomRotation', { factor: [-0.1, 0.25] }, 2000) as number[], -36, 90);
    const moves = drawn('RandomTranslation', { height_factor: 0.5, width_factor: [0, 0.2] }, 2000);
    near(
      (moves as number[][]).map(([right]) => right!),
      0,
      2,
    );
    near(
      (moves as number[][]).map(([, down]) => down!),
      -4,
      4,
    );
    const zooms = drawn('RandomZoom', { height_factor: [-0.5, 0.5] }, 2000) as number[][];
    near(
      zooms.map(([, tall]) => tall!),
      0.5,
      1.5,
    );
    expect(zooms.every(([wide, tall]) => wide === tall)).toBe(true);
    near(
      (drawn('RandomShear', { x_factor: 0.4 }, 2000) as number[][]).map(([x]) => x!),
      -0.4,
      0.4,
    );
    near(drawn('RandomBrightness', { factor: 0.2, value_range: [-1, 1] }, 2000) as number[], -0.4, 0.4);
    near(drawn('RandomContrast', { factor: 0.3 }, 2000) as number[], 1, 1.3);
    near(drawn('RandomHue', { factor: 0.5 }, 2000) as number[], -0.25, 0.25);
    const shifts = drawn('RandomPosterization', { factor: 4 }, 500) as number[];
    // One to three bits of eight are kept: Keras leaves out the upper end.
    expect(new Set(shifts)).toEqual(new Set([5, 6, 7]));
    const gray = drawn('RandomGrayscale', { factor: 0.25 }, 4000) as boolean[];
    expect(Math.abs(gray.filter(Boolean).length - 1000)).toBeLessThan(120);
    // The probability is itself between nothing and one.
    const inverted = drawn('RandomInvert', {}, 4000) as boolean[];
    expect(Math.abs(inverted.filter(Boolean).length - 2000)).toBeLessThan(150);
  });

  it('RandAugment draws every change alike, and makes them one after the other', () => {
    const kinds = new Map<string, number>();
    for (let seed = 0; seed < 1100; seed++) {
      for (const { kind } of drawn('RandAugment', {}, 1, seed) as { kind: string }[]) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }
    }
    expect(kinds.size).toBe(11);
    for (const count of kinds.values()) expect(Math.abs(count - 200)).toBeLessThan(60);

    const transform = imageTransforms.find(({ kind }) => kind === 'RandAugment')!;
    const changes = [
      { kind: 'RandomBrightness', drawn: [10] },
      { kind: 'RandomColorDegeneration', drawn: [0] },
      { kind: 'RandomBrightness', drawn: [10] },
    ];
    tf.tidy(() => {
      const x = tf.fill([1, 2, 2, 3], 100) as tf.Tensor4D;
      expect([...transform.apply(x, changes, configOf('RandAugment')).dataSync()]).toEqual(
        new Array(12).fill(120),
      );
    });
  });

  it('AugMix mixes its chains with what was', () => {
    const transform = imageTransforms.find(({ kind }) => kind === 'AugMix')!;
    const bright = (by: number) => [{ kind: 'RandomBrightness', drawn: [by] }];
    tf.tidy(() => {
      const x = tf.fill([1, 1, 1, 3], 100) as tf.Tensor4D;
      const draws = { weights: [0.5, 0.3, 0.2], kept: 0.25, chains: [bright(40), [], bright(20)] };
      // 100 + 0.75 · (0.5 · 40 + 0.2 · 20)
      const [value] = transform.apply(x, draws, configOf('AugMix')).dataSync();
      expect(value).toBeCloseTo(118, 4);
    });
  });

  it.each([
    ['RandomHue', [1, 4, 4, 4], 'images of 3 channels'],
    ['RandomGrayscale', [1, 4, 4, 2], 'images of 1 or 3 channels'],
    ['RandomFlip', [4, 4, 4], 'a batch of images'],
  ])('%s says what it cannot change', (kind, shape, expected) => {
    const train = () => computeLayer(kind, configOf(kind), [tf.zeros(shape)], {}, 'training');
    expect(train).toThrow(Failure);
    expect(train).toThrow(
      `a ${kind} found a tensor of the shape (${shape.join(', ')}), expected ${expected}`,
    );
  });
});
