import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allKinds, kindNamed } from '../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../src/core/layers/config';
import { ShapeMismatch } from '../../../src/core/layers/kind';
import { openEngine } from '../../../src/trainer/engines/engine';
import {
  computeLayer,
  computeOutputs,
  largestGap,
  tensorOf,
  type NumberArray,
} from '../../support/computeLayer';

interface Case {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly NumberArray[];
  readonly outputs: readonly NumberArray[];
}

/** What real TensorFlow computed (make_tensor_operations.py). */
const cases = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../fixtures/tensorflow/operations.json'), 'utf8'),
) as readonly Case[];

const titled = (some: readonly Case[]) =>
  some.map((one) => [`${one.kind} ${JSON.stringify(one.config)} ${shapesOf(one)}`, one] as const);
const shapesOf = ({ inputs }: Case) => inputs.map(({ shape }) => `(${shape.join(', ')})`).join(' ');

beforeAll(() => openEngine('wasm'));

describe('operations on raw tensors, against TensorFlow', () => {
  it('are all computed', () => {
    const covered = new Set(cases.map(({ kind }) => kind));
    const missing = allKinds().filter(({ family, name }) => family === 'operation' && !covered.has(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it.each(titled(cases))('%s', (_title, { kind, config, inputs, outputs }) => {
    const known = kindNamed(kind)!;
    const shapes = known.outputs(
      normalizeConfig(known, config),
      inputs.map(({ shape }) => shape),
    );
    expect(shapes).toEqual(outputs.map(({ shape }) => shape));
    tf.tidy(() => {
      const found = computeOutputs(kind, config, inputs.map(tensorOf), {}, 'inference');
      expect(found.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      found.forEach((tensor, index) => expect(largestGap(tensor, outputs[index]!)).toBeLessThan(2e-6));
    });
  });

  it('keep a size that only data tells', () => {
    const shapes = (kind: string, config: unknown, ...inputs: (readonly (number | null)[])[]) => {
      const known = kindNamed(kind)!;
      return known.outputs(normalizeConfig(known, config), inputs);
    };
    expect(shapes('TensorReshape', { shape: [-1, 4] }, [null, 3, 4])).toEqual([[null, 4]]);
    expect(shapes('Divide', {}, [null, 3], [3])).toEqual([[null, 3]]);
    expect(shapes('Matmul', {}, [null, 2, 3], [3, 4])).toEqual([[null, 2, 4]]);
    expect(shapes('Einsum', { subscripts: 'ab,bc->ac' }, [null, 3], [3, 4])).toEqual([[null, 4]]);
    expect(shapes('GetItem', { key: [{}, 0] }, [null, 3, 4])).toEqual([[null, 4]]);
    expect(shapes('Constant', { shape: [1, 3] }, [null, 9])).toEqual([[null, 3]]);
    expect(shapes('Add', {}, [null, 3], [1, 3])).toEqual([[null, 3]]);
    expect(shapes('Add', {}, [], [])).toEqual([[]]);
  });

  it.each([
    ['Divide', {}, [[2, 3], [4]]],
    [
      'Matmul',
      {},
      [
        [2, 3],
        [4, 3],
      ],
    ],
    [
      'Einsum',
      { subscripts: 'ab,bc->ac' },
      [
        [2, 3],
        [4, 5],
      ],
    ],
    ['TensorReshape', { shape: [-1, 4] }, [[3, 3]]],
    ['Transpose', { axes: [1, 0] }, [[1, 2, 3]]],
    ['ExpandDims', { axis: 4 }, [[2, 3]]],
    ['Squeeze', { axis: [1] }, [[2, 3]]],
    ['Tile', { repeats: [2] }, [[2, 3]]],
    ['Take', { indices: [3], axis: 1 }, [[2, 3]]],
    ['GetItem', { key: [2] }, [[2, 3]]],
    [
      'Stack',
      { axis: 0 },
      [
        [2, 3],
        [3, 2],
      ],
    ],
    ['Split', { sizes: [1, 1], axis: 1 }, [[2, 3]]],
    ['Unstack', { num: 2, axis: 1 }, [[2, 3]]],
    [
      'Pad',
      {
        pad_width: [
          [0, 0],
          [3, 0],
        ],
        mode: 'reflect',
      },
      [[2, 3]],
    ],
    ['Constant', { shape: [2], value: [1] }, []],
    ['Sum', { axis: 2 }, [[2, 3]]],
  ] as const)('%s %j refuses shapes that it is not for', (kind, config, shapes) => {
    const known = kindNamed(kind)!;
    expect(() => known.outputs(normalizeConfig(known, config), shapes)).toThrow(ShapeMismatch);
  });
});

/** What changes by steps, or breaks where these numbers are, or has no input to change. */
const UNSMOOTH =
  /^(Ceil|Floor|Round|Trunc|Sign|Logical|Equal|NotEqual|Greater|Less|FloorDivide|Mod|Constant)/;

describe('gradients of operations on raw tensors', () => {
  it.each(titled(cases.filter(({ kind }) => !UNSMOOTH.test(kind))))(
    '%s',
    (_title, { kind, config, inputs }) => {
      tf.tidy(() => {
        const at = inputs.map(tensorOf);
        const compute = (...given: tf.Tensor[]) =>
          tf.addN(
            computeOutputs(kind, config, given, {}, 'training').map((output) =>
              tf.sum(tf.mul(output, tf.cos(tf.reshape(tf.range(0, output.size), output.shape)))),
            ),
          );
        const gradients = tf.grads(compute)(at);
        at.forEach((x, index) => {
          const direction = tf.sin(tf.reshape(tf.range(1, x.size + 1), x.shape));
          const moved = (by: number) =>
            compute(...at.map((one, other) => (other === index ? tf.add(one, tf.mul(direction, by)) : one)));
          const slope = tf.div(tf.sub(moved(STEP), moved(-STEP)), 2 * STEP).dataSync()[0]!;
          const found = tf.sum(tf.mul(gradients[index]!, direction)).dataSync()[0]!;
          // Where takes its first input for true or false.
          const expected = kind === 'Where' && index === 0 ? 0 : slope;
          expect(Math.abs(found - expected)).toBeLessThan(5e-3 * Math.max(1, Math.abs(expected)));
        });
      });
    },
  );

  it.each(['Greater', 'LessEqual', 'LogicalAnd', 'FloorDivide', 'Mod'])(
    '%s lets one through where something else needs it',
    (kind) => {
      tf.tidy(() => {
        const x = tf.tensor([0.3, 2.4, -1.2]);
        const gradient = tf.grad((y) =>
          tf.sum(tf.mul(y, computeLayer(kind, {}, [y, tf.scalar(1)], {}, 'training'))),
        );
        expect([...gradient(x).dataSync()].every(Number.isFinite)).toBe(true);
      });
    },
  );
});

/** Small enough for a straight line, large enough for float32. */
const STEP = 2e-3;
