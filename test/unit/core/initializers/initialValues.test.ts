import { describe, expect, test } from 'vitest';
import { fansOf } from '../../../../src/core/initializers/fans';
import { initialValues } from '../../../../src/core/initializers/initialValues';
import { Random } from '../../../../src/core/initializers/random';

const SHAPE = [3, 3, 40, 60];
const FAN_IN = 360;
const FAN_OUT = 540;

function moments(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, deviation: Math.sqrt(variance), largest };
}

/** A normal truncated at two, widened by Keras so that its deviation is the one asked for. */
const CUT = 2 / 0.87962566103423978;

describe('distributions have the variance of their formula', () => {
  test.each([
    ['GlorotUniform', {}, Math.sqrt(2 / (FAN_IN + FAN_OUT)), Math.sqrt(3)],
    ['GlorotNormal', {}, Math.sqrt(2 / (FAN_IN + FAN_OUT)), CUT],
    ['HeUniform', {}, Math.sqrt(2 / FAN_IN), Math.sqrt(3)],
    ['HeNormal', {}, Math.sqrt(2 / FAN_IN), CUT],
    ['LecunUniform', {}, Math.sqrt(1 / FAN_IN), Math.sqrt(3)],
    ['LecunNormal', {}, Math.sqrt(1 / FAN_IN), CUT],
    [
      'VarianceScaling',
      { scale: 3, mode: 'fan_out', distribution: 'uniform' },
      Math.sqrt(3 / FAN_OUT),
      Math.sqrt(3),
    ],
    ['VarianceScaling', { scale: 0.5, mode: 'fan_in', distribution: 'normal' }, Math.sqrt(0.5 / FAN_IN), CUT],
    ['RandomUniform', { minval: -0.2, maxval: 0.2 }, 0.2 / Math.sqrt(3), Math.sqrt(3)],
    ['TruncatedNormal', { stddev: 0.1 }, 0.087962566103423978, CUT],
  ])('%s %j', (kind, config, deviation, cut) => {
    const found = moments(initialValues({ kind, config }, SHAPE, 1));
    expect(Math.abs(found.mean)).toBeLessThan(deviation / 20);
    expect(found.deviation / deviation).toBeGreaterThan(0.98);
    expect(found.deviation / deviation).toBeLessThan(1.02);
    expect(found.largest).toBeLessThanOrEqual(deviation * cut * 1.0001);
    expect(found.largest).toBeGreaterThan(deviation * cut * 0.98);
  });

  test('RandomNormal is not cut', () => {
    const found = moments(
      initialValues({ kind: 'RandomNormal', config: { mean: 1, stddev: 0.1 } }, SHAPE, 1),
    );
    expect(found.mean).toBeCloseTo(1, 2);
    expect(found.deviation).toBeCloseTo(0.1, 2);
    expect(found.largest).toBeGreaterThan(1.35);
  });
});

describe('constants', () => {
  test.each([
    ['Zeros', {}, [0, 0, 0, 0]],
    ['Ones', {}, [1, 1, 1, 1]],
    ['Constant', { value: 0.5 }, [0.5, 0.5, 0.5, 0.5]],
    ['Identity', { gain: 2 }, [2, 0, 0, 2]],
  ])('%s', (kind, config, expected) => {
    expect([...initialValues({ kind, config }, [2, 2], 0)]).toEqual(expected);
  });
});

test.each([
  [8, 5],
  [5, 8],
])('Orthogonal, %i rows and %i columns', (rows, columns) => {
  const values = initialValues({ kind: 'Orthogonal', config: { gain: 3 } }, [rows, columns], 4);
  const at = (i: number, axis: number) =>
    rows >= columns ? values[axis * columns + i]! : values[i * columns + axis]!;
  const [vectors, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  for (let i = 0; i < vectors; i++) {
    for (let j = 0; j < vectors; j++) {
      let product = 0;
      for (let axis = 0; axis < length; axis++) product += at(i, axis) * at(j, axis);
      expect(product).toBeCloseTo(i === j ? 9 : 0, 5);
    }
  }
});

describe('seeds', () => {
  const draw = (seed: number) => initialValues({ kind: 'GlorotUniform', config: {} }, [64], seed);

  test('decide everything', () => {
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(draw(2 ** 32)).not.toEqual(draw(0));
    const configured = initialValues({ kind: 'GlorotUniform', config: { seed: 9 } }, [64], 5);
    expect(configured).toEqual(draw(5));
  });

  test('the sequence stays what it is: models made from a seed are made again', () => {
    const random = new Random(42);
    expect(Array.from({ length: 4 }, () => random.next())).toMatchInlineSnapshot(`
      [
        2720910251,
        2042201072,
        544893022,
        231983040,
      ]
    `);
    expect(Array.from({ length: 3 }, () => random.normal().toFixed(6))).toMatchInlineSnapshot(`
      [
        "-0.306396",
        "-2.229712",
        "0.415447",
      ]
    `);
  });

  test('neighbours share nothing', () => {
    const [a, b] = [draw(1000), draw(1001)];
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const covariance = a.reduce((sum, value, i) => sum + (value - mean(a)) * (b[i]! - mean(b)), 0) / a.length;
    expect(Math.abs(covariance / (moments(a).deviation * moments(b).deviation))).toBeLessThan(0.3);
  });
});

test.each([
  [[], 1, 1],
  [[7], 7, 7],
  [[3, 4], 3, 4],
  [[3, 3, 16, 32], 144, 288],
  [[5, 8, 2], 40, 10],
])('fans of %j', (shape, fanIn, fanOut) => {
  expect(fansOf(shape)).toEqual({ in: fanIn, out: fanOut });
});

describe('names', () => {
  test.each(['GlorotUniform', 'glorot_uniform', 'zeros', 'normal', 'OrthogonalInitializer'])(
    '%s is known',
    (kind) => {
      expect(initialValues({ kind, config: {} }, [2, 2], 0)).toHaveLength(4);
    },
  );

  test.each(['Mine', 'constructor', '__proto__'])('%s is not', (kind) => {
    expect(() => initialValues({ kind, config: {} }, [2], 0)).toThrow(`no initializer is named "${kind}"`);
  });

  test.each([
    ['Constant', { value: 'x' }, [2], 'initializer, value: found "x", expected a number'],
    ['VarianceScaling', { mode: 'fan' }, [2], 'initializer, mode: found "fan", expected one of fan_in'],
    ['Identity', {}, [2], 'found a shape of rank 1, expected rank 2'],
    ['Orthogonal', {}, [2], 'found a shape of rank 1, expected rank 2 or more'],
  ])('%s %j of shape %j is refused', (kind, config, shape, message) => {
    expect(() => initialValues({ kind, config }, shape, 0)).toThrow(message);
  });
});
