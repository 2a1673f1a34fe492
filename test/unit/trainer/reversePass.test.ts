import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../src/trainer/engines/engine';
import { gradientsOf } from '../../../src/trainer/program/reversePass';

const SIZE = 1000;
const DEPTH = 12;

describe('the reverse pass', () => {
  beforeAll(async () => {
    await openEngine('cpu');
  });

  it("finds tfjs-core's own gradients where tensors are shared, passed through and of no use", () => {
    tf.tidy(() => {
      const inputs = [tf.tensor1d([0.5, -1, 2]), tf.tensor1d([1.5, 0.25, -3]), tf.tensor1d([7])];
      const [a, b] = inputs;
      const compute = (): tf.Scalar => {
        const sum = tf.add(a, b);
        const unused = tf.exp(a);
        const [first, second] = tf.split(tf.concat([tf.tanh(sum), sum]), 2);
        tf.mul(unused, b);
        return tf.sum(tf.mul(tf.add(first, first), tf.square(tf.add(second, a))));
      };
      const found = gradientsOf(compute, inputs);
      const { value, grads } = tf.engine().gradients(compute, inputs, undefined, true);
      expect(found.value.dataSync()).toEqual(value.dataSync());
      expect(found.gradients[2]).toBeUndefined();
      for (const index of [0, 1]) {
        const expected = grads[index].dataSync();
        const actual = found.gradients[index]?.dataSync() ?? [];
        expected.forEach((one, at) => expect(actual[at]).toBeCloseTo(one, 6));
      }
    });
  });

  it('asks no comparison for a gradient', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([
        [0, 1],
        [0, 0],
      ]);
      const { gradients } = gradientsOf(() => {
        const heeded = tf.logicalOr(tf.any(tf.notEqual(x, 0), -1), tf.any(tf.greater(x, 2), -1));
        return tf.sum(tf.mul(x, tf.cast(tf.expandDims(heeded, -1), 'float32')));
      }, [x]);
      expect([...(gradients[0]?.dataSync() ?? [])]).toEqual([1, 1, 0, 0]);
    });
  });

  it('frees on its way what the forward pass saved, and the gradients between', () => {
    const x = tf.ones([SIZE]);
    const held: number[] = [];
    const step = (input: tf.Tensor): tf.Tensor =>
      tf.customGrad((...[given, save]) => {
        const value = tf.tanh(given as tf.Tensor);
        (save as tf.GradSaveFunc)([value]);
        return {
          value,
          gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => {
            held.push(tf.memory().numBytes);
            return tf.mul(dy, tf.sub(1, tf.square(y)));
          },
        };
      })(input);
    const before = tf.memory().numTensors;
    const { value, gradients } = gradientsOf(() => {
      let y: tf.Tensor = x;
      for (let depth = 0; depth < DEPTH; depth++) y = step(y);
      return tf.sum(y);
    }, [x]);
    expect(held).toHaveLength(DEPTH);
    expect(held[0]! - held.at(-1)!).toBeGreaterThanOrEqual((DEPTH - 2) * SIZE * 4);
    tf.dispose([value, ...gradients.filter((one) => one !== undefined)]);
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });

  it('leaves no tape behind a forward pass that fails', () => {
    const x = tf.ones([2]);
    const before = tf.memory().numTensors;
    const fail = (): tf.Scalar => {
      tf.square(x);
      throw new Error('halfway');
    };
    expect(() => gradientsOf(fail, [x])).toThrow('halfway');
    expect(tf.memory().numTensors).toBe(before);
    expect(gradientsOf(() => tf.sum(tf.square(x)), [x]).gradients[0]?.dataSync()).toEqual(
      Float32Array.of(2, 2),
    );
    x.dispose();
  });
});
